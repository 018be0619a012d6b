#pragma once

#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/model.h"

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

/// Known elements in their order; none if the content is not known. They are read anew in each
/// loop, and a row is valid until the next one: large stores are not held as values.
class StoreRows {
public:
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = StoreRow;
        using difference_type = std::ptrdiff_t;
        using pointer = const StoreRow*;
        using reference = const StoreRow&;

        Iterator() = default;
        explicit Iterator(const Value& data)
            : reader_(std::make_shared<ElementReader>(data)) {
            ++*this;
        }
        reference operator*() const { return row_; }
        pointer operator->() const { return &row_; }
        Iterator& operator++() {
            if (reader_->next())
                row_ = {reader_->key(), &reader_->content()};
            else
                reader_.reset();
            return *this;
        }
        bool operator==(const Iterator& other) const { return reader_ == other.reader_; }
        bool operator!=(const Iterator& other) const { return !(*this == other); }

    private:
        std::shared_ptr<ElementReader> reader_; // null at the end
        StoreRow row_;
    };

    /// `data` null: no rows. It must outlive the rows.
    explicit StoreRows(const Value* data) : data_(data) {}
    size_t size() const { return data_ ? data_->size() : 0; }
    bool empty() const { return size() == 0; }
    Iterator begin() const { return empty() ? Iterator() : Iterator(*data_); }
    Iterator end() const { return {}; }

private:
    const Value* data_;
};
StoreRows rowsOf(const facts::Store& store);

/// What a row has for a column that holds a part of it; null for other columns and for what is absent.
const Value* valueOf(const StoreRow& row, const Column& column);

/// The data decides what is a dict and what a list: a file may hold either.
facts::Container containerOf(const facts::Store& store);

RowForm formOf(const facts::Store& store, const StoreRows& rows);

/// Whether code puts whole records into the store, so that its facts list the keys they have.
bool isFilledByCode(const facts::Store& store);

} // namespace covet::schema
