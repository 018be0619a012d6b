#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "schema/ddl.h"
#include "schema/model.h"

namespace covet::load {

/// Looks for rows with equal values in a set of columns, as the database would compare them. Needs
/// sixteen bytes per row, and none when a single integer column only grows.
class DuplicateSearch {
public:
    /// Numbers of the earlier and the later row, counted from 0.
    using Pair = std::pair<size_t, size_t>;

    DuplicateSearch(const schema::Table& table, const std::vector<std::string>& columns,
                    schema::Dialect dialect);

    /// Pairs of equal rows, at most `maximum`; `count` gets the number of all. A NULL equals nothing.
    std::vector<Pair> find(const schema::TableRows& rows, size_t maximum, size_t& count) const;
    const std::vector<std::string>& columns() const { return columns_; }

private:
    bool growsOnly(const schema::TableRows& rows) const;
    /// The compared values as one text; false when one is NULL.
    bool textOf(const schema::RowValues& row, std::string& text) const;

    const schema::Table& table_;
    std::vector<std::string> columns_;
    std::vector<size_t> positions_;
    schema::Dialect dialect_;
};

} // namespace covet::load
