#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/column_type.h"
#include "schema/store_rows.h"

namespace covet::schema {

/// One key of a store's records with everything that rows and code say about it.
struct RecordField {
    std::string name;
    const facts::FieldFact* fact = nullptr;
    ColumnEvidence evidence;
    size_t present = 0; // rows that have it
    bool optional = false;
};

/// The keys of all records, in the order a record has them.
struct RecordFields {
    std::vector<RecordField> fields;
    bool otherKeys = false; // some records have keys that are no texts
    bool sameOrder = true;  // every record and the code have the keys in this order

    const RecordField* find(std::string_view name) const;
};

/// Union over all rows and the code. For instances the order is the class's.
RecordFields recordFields(const facts::Store& store, const StoreRows& rows,
                          RowForm form);

} // namespace covet::schema
