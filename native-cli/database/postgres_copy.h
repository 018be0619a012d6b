#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"

namespace covet::database {

/// Reads the rows of `COPY ... TO STDOUT (FORMAT binary)` as the values that the same cells have as
/// texts (postgresValue).
class PostgresCopyReader {
public:
    /// Types by their numbers in the server's catalogue, in the order of the columns.
    explicit PostgresCopyReader(std::vector<unsigned> types) : types_(std::move(types)) {}

    /// Whether the binary form of a type is known; there are types without end.
    static bool reads(unsigned type);

    /// Takes the next piece of the stream, which may end anywhere, and hands over the rows that are
    /// complete until the sink wants no more. False: the stream is not what it should be.
    bool take(std::string_view piece, const RowSink& sink);
    /// Whether the sink has had enough.
    bool isStopped() const { return stopped_; }
    /// Whether the mark after the last row has come.
    bool isComplete() const { return complete_; }

private:
    /// Bytes that were used up.
    size_t rows(std::string_view bytes, const RowSink& sink);
    /// Whether all of the row's cells have arrived; `at` is behind them then.
    bool readRow(std::string_view bytes, size_t& at);

    std::vector<unsigned> types_;
    std::string rest_; // of a row that has not arrived as a whole
    Row row_;
    bool begun_ = false;
    bool stopped_ = false;
    bool complete_ = false;
    bool broken_ = false;
};

} // namespace covet::database
