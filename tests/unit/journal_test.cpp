#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "journal/crc32c.h"
#include "journal/journal.h"

using namespace covet;
using namespace covet::cli;

namespace {

class JournalTest : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/covet-journal-XXXXXX";
        ASSERT_NE(mkdtemp(name), nullptr);
        folder_ = name;
        path_ = folder_ + "/journal.jsonl";
        Result<Journal> journal = Journal::create(path_);
        ASSERT_TRUE(journal);
        ASSERT_TRUE(journal->append("run", Phase::Begin, {{"run", "r1"}}));
        ASSERT_TRUE(journal->append("code", Phase::Intent, {{"path", "a.py"}}));
        ASSERT_TRUE(journal->append("code", Phase::Done));
    }
    void TearDown() override {
        unlink(path_.c_str());
        rmdir(folder_.c_str());
    }
    std::string bytes() { return *readWhole(path_); }
    void put(const std::string& text) { std::ofstream(path_, std::ios::trunc | std::ios::binary) << text; }

    std::string folder_, path_;
};

} // namespace

TEST(Crc32c, KnownValues) {
    EXPECT_EQ(crc32c(""), 0u);
    EXPECT_EQ(crc32c("123456789"), 0xE3069283u); // the check value of RFC 3720's polynomial
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
}

TEST_F(JournalTest, ReadsWhatWasWritten) {
    Result<std::vector<Record>> records = Journal::read(path_);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 3u);
    EXPECT_EQ((*records)[1].step, "code");
    EXPECT_EQ((*records)[1].phase, Phase::Intent);
    EXPECT_EQ((*records)[1].data["path"], "a.py");
}

TEST_F(JournalTest, ExistingFileIsNotOverwritten) { EXPECT_FALSE(Journal::create(path_)); }

TEST_F(JournalTest, EveryTornEndIsCutOffAndContinued) {
    const std::string whole = bytes();
    const size_t second = whole.find('\n', whole.find('\n') + 1) + 1;
    for (size_t size = second; size < whole.size(); ++size) {
        put(whole.substr(0, size));
        Result<Journal> journal = Journal::open(path_);
        ASSERT_TRUE(journal) << size;
        EXPECT_EQ(journal->records().size(), 2u) << size;
        ASSERT_TRUE(journal->append("report", Phase::Done));
        Result<std::vector<Record>> records = Journal::read(path_);
        ASSERT_TRUE(records) << size;
        ASSERT_EQ(records->size(), 3u) << size;
        EXPECT_EQ(records->back().step, "report");
    }
}

TEST_F(JournalTest, EveryChangedByteBeforeTheLastLineIsFound) {
    const std::string whole = bytes();
    const size_t second = whole.find('\n', whole.find('\n') + 1);
    for (size_t at = 0; at < second; at += 3) {
        std::string changed = whole;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        put(changed);
        Result<std::vector<Record>> records = Journal::read(path_);
        ASSERT_FALSE(records) << at;
        EXPECT_EQ(records.error().code, "journal-damaged");
        EXPECT_GT(records.error().line, 0u);
    }
}

TEST_F(JournalTest, RemovedAndSwappedLinesAreFound) {
    const std::string whole = bytes();
    const size_t first = whole.find('\n') + 1;
    const size_t second = whole.find('\n', first) + 1;
    put(whole.substr(first));
    EXPECT_FALSE(Journal::read(path_));
    put(whole.substr(0, first) + whole.substr(second) + whole.substr(first, second - first));
    EXPECT_FALSE(Journal::read(path_));
}
