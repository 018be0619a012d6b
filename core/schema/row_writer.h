#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/model.h"
#include "schema/store_rows.h"

namespace covet::schema {

/// Reads rows into memory that holds earlier ones.
class RefillingReader : public RowReader {
public:
    /// The next row; false at the end.
    virtual bool read(RowValues& row) = 0;
    const RowValues* next() override { return read(row_) ? &row_ : nullptr; }

private:
    RowValues row_;
};

/// A field of records whose values another table holds.
struct ChildField {
    std::string field;     // "" = the whole element
    bool optional = false; // some records do not have this key at all
    bool isRecord = false; // at most one row; of lists and dicts none tells whether it is empty, None or not there
    size_t place = 0;      // number of fields before it that are columns
};

/// Makes the rows of a table of its store's elements.
class RowWriter {
public:
    /// Table and store must outlive the writer; `children` are in the order of the fields.
    RowWriter(const Table& table, const facts::Store& store, std::vector<ChildField> children = {});

    /// One Value per column for the `number`th element, from 1; columns that lead to other rows stay empty.
    /// `values` may hold an earlier row, whose memory is used again.
    void write(const StoreRow& row, int64_t number, RowValues& values);
    /// The value of one column that is not the document of extra fields.
    Value valueFor(const Column& column, const StoreRow& row, int64_t number);

private:
    const Value* plainValue(size_t column, const Value& record);
    Value fieldValue(const Column& column, const StoreRow& row);
    Value document(const Value& record);
    bool isChildField(const std::string& field) const;
    bool isChildOfMany(const std::string& field) const;

    const Table& table_;
    const facts::Store& store_;
    const std::vector<ChildField> children_;
    const Column* extra_;
    std::vector<bool> isPlain_;      // by column: the value of a record is taken as it is
    std::vector<size_t> usualPlace_; // by column: its entry in the last record
    std::vector<Value::Entry> overflow_; // values that their columns do not hold as they are
    std::set<std::string> emptied_;      // fields of those whose columns hold nothing
};

/// The rows of a table of a store's elements, made when they are read. Has copies, which share the data itself.
std::shared_ptr<const RowSource> storeRows(const Table& table, const facts::Store& store,
                                           std::vector<ChildField> children = {});

} // namespace covet::schema
