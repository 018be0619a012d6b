#pragma once

#include "schema/inference.h"

namespace covet::schema {

/// The table of one store of several elements, without its names and foreign keys.
Table buildTable(const facts::Store& store, const Options& options);

/// Whether a column of the type can be a primary key or a unique column in all databases.
bool canBeKey(const Column& column);

/// Turns a column into one that can be a key: bounded text, or tagged text for anything else.
void makeKey(Column& column, size_t longestText);

} // namespace covet::schema
