#include "load/read_ahead.h"

#include <gtest/gtest.h>

namespace covet::load {
namespace {

/// Counts upwards.
class Numbers : public schema::RowSource {
public:
    explicit Numbers(size_t count) : count_(count) {}
    size_t size() const override { return count_; }
    std::unique_ptr<schema::RowReader> read() const override { return std::make_unique<Reader>(count_); }

private:
    class Reader : public schema::RowReader {
    public:
        explicit Reader(size_t count) : left_(count) {}
        const schema::RowValues* next() override {
            if (left_ == 0) return nullptr;
            row_ = {Value::integer(static_cast<int64_t>(--left_)), Value::string("a text that is not stored in place")};
            return &row_;
        }

    private:
        size_t left_;
        schema::RowValues row_;
    };
    size_t count_;
};

schema::TableRows numbers(size_t count) {
    schema::TableRows rows;
    rows.source = std::make_shared<Numbers>(count);
    return rows;
}

TEST(ReadAhead, GivesEveryRowInItsOrder) {
    for (const size_t count : {0u, 1u, 511u, 512u, 513u, 2048u, 5000u}) {
        const schema::TableRows rows = numbers(count);
        const auto reader = readAhead(rows);
        size_t left = count;
        while (const schema::RowValues* row = reader->next()) {
            ASSERT_GT(left, 0u) << count;
            ASSERT_EQ((*row)[0].text(), std::to_string(--left)) << count;
        }
        EXPECT_EQ(left, 0u) << count;
        EXPECT_EQ(reader->next(), nullptr) << count;
    }
}

TEST(ReadAhead, CanBeLeftAtAnyRow) {
    for (const size_t asked : {0u, 1u, 512u, 700u}) {
        const schema::TableRows rows = numbers(100000);
        const auto reader = readAhead(rows);
        for (size_t i = 0; i < asked; ++i) ASSERT_NE(reader->next(), nullptr);
    }
}

} // namespace
} // namespace covet::load
