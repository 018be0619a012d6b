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
    /// The same without making values: the cells are for the sink's call only.
    bool take(std::string_view piece, const CellsSink& sink);
    /// Whether the sink has had enough.
    bool isStopped() const { return stopped_; }
    /// Whether the mark after the last row has come.
    bool isComplete() const { return complete_; }

private:
    struct Field {
        std::string_view bytes;
        bool isNull = false;
    };

    /// Calls `each` for the rows that are there as a whole; false stops it.
    template <typename Each> bool split(std::string_view piece, const Each& each);
    /// Bytes that were used up.
    template <typename Each> size_t rows(std::string_view bytes, const Each& each);
    /// Whether all of the row's fields have arrived; `at` is behind them then.
    bool splitRow(std::string_view bytes, size_t& at);
    Cell cellAt(size_t column);

    std::vector<unsigned> types_;
    std::string rest_; // of a row that has not arrived as a whole
    std::vector<Field> fields_;
    Row row_;
    std::vector<Cell> cells_;
    std::vector<std::string> texts_; // of cells that do not come as texts, by column
    bool begun_ = false;
    bool stopped_ = false;
    bool complete_ = false;
    bool broken_ = false;
};

} // namespace covet::database
