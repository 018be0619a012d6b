#include "project/mapped_text.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "project/file_io.h"

using namespace covet;
using namespace covet::cli;

namespace {

class MappedText : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "covet-mapped-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override {
        unlink((folder_ + "/data.py").c_str());
        rmdir(folder_.c_str());
    }

    /// Numbered lines, so that no two pages are the same.
    static std::string lines(size_t bytes) {
        std::string text;
        text.reserve(bytes + 16);
        for (size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i) + "\n";
        return text;
    }
    void write(const std::string& text) const { std::ofstream(folder_ + "/data.py", std::ios::binary) << text; }
    Result<SharedText> read() const { return readSharedBelow(openFolder(folder_)->get(), "data.py"); }
    static size_t residentMegabytes() {
        std::ifstream file("/proc/self/statm");
        size_t whole = 0, held = 0;
        file >> whole >> held;
        return held * static_cast<size_t>(sysconf(_SC_PAGESIZE)) >> 20;
    }

    std::string folder_;
};

} // namespace

TEST_F(MappedText, IsTheFileAsItWas) {
    const std::string text = lines(kMappedBytes + 12345);
    write(text);
    const Result<SharedText> read = this->read();
    ASSERT_TRUE(read);
    write("gone");
    EXPECT_TRUE(read->view() == text);
    const SharedText copy = *read;
    EXPECT_EQ(copy.view().data(), read->view().data());
    EXPECT_TRUE(copy.from(100) == std::string_view(text).substr(100));
}

TEST_F(MappedText, LeavesNothingBehindAndEndsWithItsLastCopy) {
    write(lines(kMappedBytes));
    SharedText kept;
    {
        const Result<SharedText> read = this->read();
        ASSERT_TRUE(read);
        kept = read->from(kMappedBytes / 2);
    }
    EXPECT_FALSE(kept.string().empty());
    const void* const page = reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(kept.view().data()) & ~uintptr_t{4095});
    kept = SharedText();
    unsigned char resident = 0;
    EXPECT_NE(mincore(const_cast<void*>(page), 1, &resident), 0) << "still mapped";
}

TEST_F(MappedText, DoesNotStayInMemory) {
    const size_t before = residentMegabytes();
    write(lines(size_t{192} << 20));
    const Result<SharedText> read = this->read();
    ASSERT_TRUE(read);
    unsigned sum = 0;
    size_t most = 0;
    for (size_t at = 0; at < read->size(); at += 4096) {
        sum += static_cast<unsigned char>(read->view()[at]);
        if (at % (1u << 20) == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10)); // as slow as those who make something of it
            most = std::max(most, residentMegabytes());
        }
    }
    EXPECT_GT(sum, 0u);
    EXPECT_LT(most, before + 120);
}

TEST_F(MappedText, ReadsIntoMemoryWhereThereIsNoRoomForACopy) {
    const std::string text = lines(kMappedBytes + 1);
    write(text);
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = old;
    small.rlim_cur = 1 << 20;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const Result<SharedText> read = this->read();
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    std::signal(SIGXFSZ, handler);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->view() == text);
}

TEST_F(MappedText, SmallFilesAreReadAsBefore) {
    write("x = 1\n");
    EXPECT_EQ(read()->view(), "x = 1\n");
}
