#include "text/unified_diff.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "text/line_diff.h"

using covet::text::unifiedDiff;
namespace fs = std::filesystem;

namespace {

class PatchFolder {
public:
    PatchFolder() {
        std::string pattern = (fs::temp_directory_path() / "covet-diff-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
    }
    ~PatchFolder() { fs::remove_all(root_); }

    void write(const std::string& path, const std::string& bytes) {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path, std::ios::binary) << bytes;
    }
    std::string read(const std::string& path) {
        std::ifstream in(root_ / path, std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }
    bool exists(const std::string& path) { return fs::exists(root_ / path); }
    int run(const std::string& command) {
        return std::system(("cd '" + root_.string() + "' && " + command + " >log 2>&1").c_str());
    }

private:
    fs::path root_;
};

/// Applies the patch with both programs and compares the file.
void expectApplies(const std::string& path, const std::string& before, const std::string& after,
                   bool exists = true, bool remains = true) {
    std::string patch = unifiedDiff(path, before, after, exists, remains);
    for (const char* command : {"git apply ../changes.patch", "patch --binary -s -p1 -i ../changes.patch"}) {
        PatchFolder folder;
        folder.write("changes.patch", patch);
        folder.write("tree/keep", "");
        if (exists) folder.write("tree/" + path, before);
        EXPECT_EQ(folder.run("cd tree && " + std::string(command)), 0)
            << command << "\n" << folder.read("log") << patch;
        EXPECT_EQ(folder.exists("tree/" + path), remains) << command;
        if (remains) {
            EXPECT_EQ(folder.read("tree/" + path), after) << command << "\n" << patch;
        }
    }
}

} // namespace

TEST(UnifiedDiff, NothingForEqualTexts) { EXPECT_EQ(unifiedDiff("a.py", "x\n", "x\n"), ""); }

TEST(UnifiedDiff, ExactText) {
    EXPECT_EQ(unifiedDiff("a.py", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\nx\n5\n6\n", true, true, 1),
              "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -3,3 +3,3 @@\n 3\n-4\n+x\n 5\n");
}

TEST(UnifiedDiff, ProgramsAcceptIt) {
    expectApplies("a.py", "one\ntwo\n", "one\n2\n");
    expectApplies("a.py", "one\ntwo", "one\ntwo\n");
    expectApplies("a.py", "one\ntwo\n", "one\ntwo");
    expectApplies("a.py", "one", "two");
    expectApplies("a.py", "one\r\ntwo\r\n", "one\r\n2\r\n");
    expectApplies("a.py", "one\r\ntwo\r\n", "one\ntwo\r\n");
    expectApplies("a.py", "", "first\n");
    expectApplies("a.py", "only\n", "");
    expectApplies("dir/a.py", "", "new\n", false, true);
    expectApplies("dir/a.py", "", "", false, true);
    expectApplies("dir/a.py", "old\n", "", true, false);
    expectApplies("dir/a.py", "old", "", true, false);
    expectApplies("my app/a b.py", "1\n2\n", "1\n3\n");
    expectApplies("my app/new b.py", "", "1\n", false, true);
    expectApplies("caf\xC3\xA9/a\"b.py", "1\n", "2\n");
}

TEST(UnifiedDiff, RandomTextsSurvive) {
    std::mt19937 random(7);
    std::string patch;
    PatchFolder folder;
    std::vector<std::string> expected;
    for (int i = 0; i < 60; ++i) {
        auto text = [&] {
            std::string out;
            size_t lines = random() % 30;
            for (size_t k = 0; k < lines; ++k) out += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
            if (random() % 4 == 0 && !out.empty()) out.pop_back();
            return out;
        };
        std::string before = text(), after = text(), path = "f" + std::to_string(i);
        folder.write("tree/" + path, before);
        expected.push_back(after);
        patch += unifiedDiff(path, before, after);
    }
    folder.write("changes.patch", patch);
    ASSERT_EQ(folder.run("cd tree && git apply ../changes.patch"), 0) << folder.read("log");
    for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(folder.read("tree/f" + std::to_string(i)), expected[i]);
}

TEST(LineDiff, ShortestScript) {
    // "abcabba" to "cbabac" needs five single-line edits.
    std::vector<uint32_t> before = {0, 1, 2, 0, 1, 1, 0}, after = {2, 1, 0, 1, 0, 2};
    size_t cost = 0;
    for (const auto& change : covet::text::diffLines(before, after))
        cost += change.oldEnd - change.oldStart + change.newEnd - change.newStart;
    EXPECT_EQ(cost, 5u);
}

TEST(LineDiff, HugeUnrelatedTexts) {
    std::vector<uint32_t> before(60000), after(60000);
    for (uint32_t i = 0; i < before.size(); ++i) {
        before[i] = i;
        after[i] = 100000 + i;
    }
    after[0] = 0;
    auto changes = covet::text::diffLines(before, after);
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].oldStart, 1u);
}

TEST(LineDiff, LinesOfOneSideOnlyStandBesideSharedOnes) {
    // Random texts of few different lines, against a rebuilding of one from the other.
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        const auto make = [&] {
            std::string text;
            for (size_t lines = random() % 400; lines > 0; --lines) text += std::string(1 + random() % 2, static_cast<char>('a' + random() % 20)) + "\n";
            if (random() % 4 == 0 && !text.empty()) text.pop_back();
            return text;
        };
        const std::string old = make(), now = make();
        const covet::text::LineList before(old), after(now);
        std::string rebuilt;
        size_t at = 0;
        for (const auto& change : covet::text::diffLines(before, after)) {
            for (; at < change.oldStart; ++at) rebuilt += before[at];
            at = change.oldEnd;
            for (size_t i = change.newStart; i < change.newEnd; ++i) rebuilt += after[i];
        }
        for (; at < before.size(); ++at) rebuilt += before[at];
        ASSERT_EQ(rebuilt, now);
    }
}

TEST(LineList, HasTheLinesInAnyOrder) {
    std::string text;
    std::vector<std::string> lines;
    for (size_t i = 0; i < 1000; ++i) lines.push_back(std::string(i % 5, 'x') + std::to_string(i) + (i % 3 ? "\r\n" : "\n"));
    lines.push_back("the last");
    for (size_t i = 3; i < 900; i += 7) lines[i] = "\n";
    for (const std::string& line : lines) text += line;
    const covet::text::LineList list(text);
    ASSERT_EQ(list.size(), lines.size());
    for (size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(list[i], lines[i]);
    for (size_t i = lines.size(); i-- > 0;) ASSERT_EQ(list[i], lines[i]);
    std::mt19937 random(3);
    for (size_t i = 0; i < 5000; ++i) {
        const size_t line = random() % lines.size();
        ASSERT_EQ(list[line], lines[line]) << line;
    }
    EXPECT_EQ(covet::text::LineList("").size(), 0u);
    EXPECT_EQ(covet::text::LineList("\n")[0], "\n");
}
