#include "load/selected_rows.h"

#include <algorithm>

namespace covet::load {
namespace {

class SelectedReader : public schema::RowReader {
public:
    SelectedReader(const schema::TableRows& rows, const std::vector<bool>& flags) : reader_(rows.read()), flags_(flags) {}

    const schema::RowValues* next() override {
        const schema::RowValues* row = nullptr;
        while ((row = reader_->next()) != nullptr)
            if (flags_[at_++]) break;
        return row;
    }

private:
    std::unique_ptr<schema::RowReader> reader_;
    const std::vector<bool>& flags_;
    size_t at_ = 0;
};

class SelectedRows : public schema::RowSource {
public:
    SelectedRows(const schema::TableRows& rows, std::vector<bool> flags)
        : rows_(rows), flags_(std::move(flags)),
          count_(static_cast<size_t>(std::count(flags_.begin(), flags_.end(), true))) {}

    size_t size() const override { return count_; }
    std::unique_ptr<schema::RowReader> read() const override { return std::make_unique<SelectedReader>(rows_, flags_); }

private:
    const schema::TableRows& rows_;
    const std::vector<bool> flags_;
    const size_t count_;
};

} // namespace

schema::TableRows selectedRows(const schema::TableRows& rows, std::vector<bool> flags) {
    return {rows.table, {}, std::make_shared<SelectedRows>(rows, std::move(flags))};
}

} // namespace covet::load
