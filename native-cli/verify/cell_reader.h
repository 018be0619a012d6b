#pragma once

#include <optional>

#include "schema/ddl.h"
#include "schema/model.h"
#include "syntax/value.h"

namespace covet::verify {

/// The Python value that a cell means, by the rules of the column's type; nothing when it is not
/// one (text that is no timestamp, a boolean of 2). Written without the loader's encoder: a mistake
/// there must show here.
std::optional<Value> readCell(const Value& stored, const schema::Column& column,
                              schema::Dialect dialect);

/// The value as the comparison sees it: one form for each moment, number and document.
Value canonical(const Value& value, const schema::Column& column);

/// Whether the two canonical values are the same to the last bit.
bool same(const Value& left, const Value& right);

} // namespace covet::verify
