#pragma once

#include <cstdint>
#include <string>

#include "database/connection.h"
#include "project/sha256.h"
#include "schema/model.h"

namespace covet::verify {

/// SHA-256 of rows in their order, the same for the project's rows and for the stored ones where
/// every value is the same to the last bit and in the same place.
///
/// Taken of the project's rows on their way to the loader, it saves reading all of them once more.
/// It knows values that are stored as they stand; a value of any other form makes it say so, and
/// the rows are compared one by one. Shares no encoding with the loader.
class RowDigest {
public:
    explicit RowDigest(const schema::Table& table) : table_(&table) {}

    /// The project's next row.
    void add(const schema::RowValues& row);
    /// The next row of the database; false when it is of another form.
    bool add(const database::Row& stored, schema::Dialect dialect);

    /// After the last row.
    void finish();
    /// Whether it speaks for all rows up to the last one.
    bool isComplete() const { return complete_; }
    uint64_t rows() const { return rows_; }
    const std::string& hex() const { return hex_; }

private:
    bool take(const Value& value, const schema::Column& column, bool truthIsNumber);
    bool take(const std::vector<Value>& row, bool truthIsNumber);

    const schema::Table* table_;
    cli::Sha256 sum_;
    std::string buffer_;
    uint64_t rows_ = 0;
    bool plain_ = true;
    bool complete_ = false;
    std::string hex_;
};

} // namespace covet::verify
