#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/ddl.h"
#include "schema/model.h"
#include "verify/row_sum.h"

namespace covet::verify {

/// Digest of the project's rows in the form in which they are read from the database: RowSum of the stored rows is the
/// same where every value is the same to the last bit.
///
/// Taken of the rows on their way to the loader, it saves reading all of them once more. It knows values that are
/// stored as they stand, in rows whose order the database can tell because what it sorts them by grows from one to the
/// next; of all others it says that it does not, and the rows are compared one by one. Shares no encoding with the
/// loader.
class RowDigest {
public:
    RowDigest(const schema::Table& table, schema::Dialect dialect);

    /// The project's next row.
    void add(const schema::RowValues& row);
    /// After the last row.
    void finish();
    /// Whether it speaks for all rows up to the last one.
    bool isComplete() const { return complete_; }
    uint64_t rows() const { return sum_.rows(); }
    const std::string& hex() const { return hex_; }

private:
    bool take(const Value& value, const schema::Column& column);
    bool grows(const schema::RowValues& row);

    const schema::Table* table_;
    bool truthIsNumber_;
    RowSum sum_;
    std::vector<size_t> order_;    // columns that tell the order of rows
    std::vector<int64_t> highest_; // their values in the row before
    bool plain_ = true;
    bool complete_ = false;
    std::string hex_;
};

} // namespace covet::verify
