#include "load/duplicate_search.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "verify/cell_reader.h"

namespace covet::load {

DuplicateSearch::DuplicateSearch(const schema::Table& table,
                                 const std::vector<std::string>& columns, schema::Dialect dialect)
    : table_(table), columns_(columns), dialect_(dialect) {
    for (const std::string& name : columns)
        for (size_t i = 0; i < table.columns.size(); ++i)
            if (table.columns[i].name == name) positions_.push_back(i);
}

bool DuplicateSearch::textOf(const schema::RowValues& row, std::string& text) const {
    text.clear();
    for (const size_t i : positions_) {
        Value value = verify::canonical(row[i], table_.columns[i]);
        if (value.isNull()) return false;
        // MySQL's comparison of texts passes over spaces at the end.
        if (dialect_ == schema::Dialect::Mysql && value.kind() == Value::Kind::Str) {
            std::string trimmed = value.text();
            trimmed.erase(trimmed.find_last_not_of(' ') + 1);
            value = Value::string(std::move(trimmed));
        }
        const std::string part = value.kind() == Value::Kind::Int ? value.text() : toPython(value);
        text += std::to_string(part.size()) + ":" + part;
    }
    return true;
}

bool DuplicateSearch::growsOnly(const schema::TableRows& rows) const {
    if (positions_.size() != 1) return false;
    int64_t last = INT64_MIN;
    const auto reader = rows.read();
    while (const schema::RowValues* row = reader->next()) {
        const Value& value = (*row)[positions_[0]];
        int64_t number = 0;
        if (value.kind() != Value::Kind::Int || !value.toInt64(number) || number <= last)
            return false;
        last = number;
    }
    return true;
}

std::vector<DuplicateSearch::Pair> DuplicateSearch::find(const schema::TableRows& rows,
                                                         size_t maximum, size_t& count) const {
    count = 0;
    std::vector<Pair> pairs;
    if (positions_.empty() || growsOnly(rows)) return pairs;
    std::string text;
    std::vector<std::pair<uint64_t, size_t>> hashes;
    auto reader = rows.read();
    size_t number = 0;
    for (; const schema::RowValues* row = reader->next(); ++number)
        if (textOf(*row, text)) hashes.emplace_back(std::hash<std::string>{}(text), number);
    std::sort(hashes.begin(), hashes.end());
    std::vector<size_t> suspects;
    for (size_t i = 0; i < hashes.size(); ++i) {
        const bool before = i > 0 && hashes[i - 1].first == hashes[i].first;
        const bool after = i + 1 < hashes.size() && hashes[i + 1].first == hashes[i].first;
        if (before || after) suspects.push_back(hashes[i].second);
    }
    if (suspects.empty()) return pairs;
    std::sort(suspects.begin(), suspects.end());
    std::unordered_map<std::string, size_t> seen;
    reader = rows.read();
    size_t next = 0;
    for (number = 0; next < suspects.size(); ++number) {
        const schema::RowValues* row = reader->next();
        if (row == nullptr) break;
        if (number != suspects[next]) continue;
        ++next;
        textOf(*row, text);
        const auto [entry, isNew] = seen.emplace(text, number);
        if (isNew) continue;
        ++count;
        if (pairs.size() < maximum) pairs.emplace_back(entry->second, number);
    }
    return pairs;
}

} // namespace covet::load
