#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/model.h"
#include "schema/row_writer.h"
#include "schema/store_rows.h"

namespace covet::schema {

/// How the rows of a child table are nested in the records of its parent.
enum class Nesting {
    None,     // they are not: the value stays a document
    Elements, // of a list
    Entries,  // of a dict with keys of any number: columns `key` and `value`
    Record    // a dict with fixed keys: one row
};

/// The way from the elements of a store to values nested in them.
struct NestedPath {
    struct Step {
        std::string field; // "" = the whole element
        Nesting nesting = Nesting::Elements;
        const Table* table = nullptr; // null for the last step, as long as its table is not made
    };
    const Table* root = nullptr;
    std::vector<Step> steps;
};

/// Reads the values at the end of a path one after the other, without holding them.
class NestedReader {
public:
    /// `store` and the tables of the path must outlive the reader.
    NestedReader(const facts::Store& store, const NestedPath& path);

    bool next() { return advance(levels_.size()); }
    /// Valid until the next one is read.
    const Value& content() const { return contentAt(levels_.size()); }
    /// Among all values at the end of the path, from 1.
    int64_t number() const { return levels_.empty() ? number_ : levels_.back().number; }
    /// Among those of one parent, from 1.
    int64_t position() const { return levels_.empty() ? number_ : levels_.back().position; }
    /// Primary key of the row that the value is nested in.
    Value parentKey() { return keyAt(levels_.size() - 1); }

private:
    struct Level {
        NestedPath::Step step;
        std::unique_ptr<RowWriter> writer; // null without a table
        std::optional<ElementReader> elements;
        const Value* record = nullptr; // still to be read
        Value entry;
        const Value* content = nullptr;
        int64_t number = 0, position = 0;
    };
    bool advance(size_t depth);
    void enter(Level& level, const Value& parent);
    bool step(Level& level);
    const Value& contentAt(size_t depth) const { return depth == 0 ? *row_.content : *levels_[depth - 1].content; }
    Value keyAt(size_t depth);

    const Table* root_;
    RowWriter rootWriter_;
    StoreRows rows_;
    StoreRows::Iterator at_;
    StoreRow row_;
    int64_t number_ = 0;
    std::vector<Level> levels_;
};

/// The values at the end of a path as the elements of a list. Has copies of what it needs.
Value nestedElements(const facts::Store& store, const NestedPath& path);

/// The rows of the child table at the end of a path.
std::shared_ptr<const RowSource> nestedRows(const facts::Store& store, const NestedPath& path,
                                            std::vector<ChildField> children);

} // namespace covet::schema
