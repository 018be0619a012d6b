#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"

namespace covet::schema {

/// One element of a store: its dict key (null for lists and sets) and its content.
struct StoreRow {
    const Value* key = nullptr;
    const Value* content = nullptr;
};

/// What the elements of a store become.
enum class RowForm {
    Record,   // columns per key
    Instance, // columns per attribute
    Single    // one column `value`
};

/// Known elements in their order; none if the content is not known.
std::vector<StoreRow> rowsOf(const facts::Store& store);

/// The data decides what is a dict and what a list: a file may hold either.
facts::Container containerOf(const facts::Store& store);

RowForm formOf(const facts::Store& store, const std::vector<StoreRow>& rows);

/// Whether code puts whole records into the store, so that its facts list the keys they have.
bool isFilledByCode(const facts::Store& store);

} // namespace covet::schema
