#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "journal/project_lock.h"
#include "migration/effects.h"
#include "migration/undo.h"
#include "project/project_files.h"
#include "project/walk.h"

using namespace covet;
using namespace covet::cli;
namespace fs = std::filesystem;

namespace {

/// A project in a temporary folder, and a run that edits, creates and deletes files of it.
class EffectsTest : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/covet-effects-XXXXXX";
        ASSERT_NE(mkdtemp(name), nullptr);
        base_ = name;
        root_ = base_ + "/shop";
        fs::create_directory(root_);
        put("app.py", "x = 1\n");
        put("old.py", "y = 1\n");
        put("requirements.txt", "covet==0.1.0\n");
        chmod((root_ + "/app.py").c_str(), 0754);
        before_ = contents();
        request_.backupFolder = base_ + "/backups";
        terminal_.configure(Format::Text, true, true);
    }
    void TearDown() override { fs::remove_all(base_); }

    void put(const std::string& path, const std::string& text) {
        fs::create_directories(fs::path(root_ + "/" + path).parent_path());
        std::ofstream(root_ + "/" + path, std::ios::binary | std::ios::trunc) << text;
    }

    std::map<std::string, std::string> contents() {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            std::string path = entry.path().string().substr(root_.size() + 1);
            struct stat info = {};
            lstat(entry.path().c_str(), &info);
            found[path] = std::to_string(info.st_mode) + (entry.is_regular_file() ? *readWhole(entry.path()) : "");
        }
        return found;
    }

    PreparedRun prepare(const ProjectLock& lock) {
        ProjectAnalysis project;
        project.files = *readProject(root_);
        auto change = [&](const char* path, ChangeKind kind, const char* before, const char* after, bool secret) {
            project.analysis.changes.push_back({path, kind, before, after, secret});
        };
        change("app.py", ChangeKind::Modify, "x = 1\n", "x = 2\n", false);
        change("db/models.py", ChangeKind::Create, "", "m = 1\n", false);
        change("db/secret.json", ChangeKind::Create, "", "{}\n", true);
        change("old.py", ChangeKind::Delete, "y = 1\n", "", false);
        change("requirements.txt", ChangeKind::Modify, "covet==0.1.0\n", "covetpy\n", false);
        Result<Plan> plan = freezePlan(project, {true, true}, lock.folder());
        EXPECT_TRUE(plan);
        plan->runId = "test";
        plan->kind = "code";
        plan->backupFolder = request_.backupFolder;
        return {std::move(project), std::move(*plan), nullptr, {}};
    }

    RunOutcome perform() {
        ProjectLock lock = std::move(*ProjectLock::acquire(root_));
        PreparedRun prepared = prepare(lock);
        Effects effects(terminal_, prepared, request_, lock.folder());
        RunOutcome outcome;
        Status status = effects.perform(outcome);
        EXPECT_TRUE(status) << status.error().message;
        return outcome;
    }

    std::string base_, root_;
    std::map<std::string, std::string> before_;
    RunRequest request_;
    Terminal terminal_;
};

} // namespace

TEST_F(EffectsTest, WritesAllAndUndoesAll) {
    RunOutcome outcome = perform();
    EXPECT_EQ(*readWhole(root_ + "/app.py"), "x = 2\n");
    EXPECT_EQ(*readWhole(root_ + "/db/models.py"), "m = 1\n");
    EXPECT_FALSE(fs::exists(root_ + "/old.py"));
    struct stat info = {};
    stat((root_ + "/app.py").c_str(), &info);
    EXPECT_EQ(info.st_mode & 07777, 0754u);
    stat((root_ + "/db/secret.json").c_str(), &info);
    EXPECT_EQ(info.st_mode & 07777, 0600u);
    Result<UndoResult> undone = undoRun(root_, outcome.folder, {});
    ASSERT_TRUE(undone) << undone.error().message;
    EXPECT_EQ(undone->restored, (std::vector<std::string>{"app.py", "old.py", "requirements.txt"}));
    EXPECT_EQ(undone->removed, (std::vector<std::string>{"db/models.py", "db/secret.json"}));
    EXPECT_EQ(contents(), before_);
}

TEST_F(EffectsTest, FileEditedAfterTheAnalysisIsNotOverwritten) {
    ProjectLock lock = std::move(*ProjectLock::acquire(root_));
    PreparedRun prepared = prepare(lock);
    put("requirements.txt", "mine\n");
    before_ = contents();
    Effects effects(terminal_, prepared, request_, lock.folder());
    RunOutcome outcome;
    Status status = effects.perform(outcome);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "edited-since");
    ASSERT_TRUE(effects.takeBack(outcome));
    EXPECT_EQ(contents(), before_);
}

TEST_F(EffectsTest, FileEditedBetweenBackupAndWriteTakesTheRestBack) {
    request_.backup = false;
    ProjectLock lock = std::move(*ProjectLock::acquire(root_));
    PreparedRun prepared = prepare(lock);
    put("requirements.txt", "mine\n"); // the last change of the plan
    before_ = contents();
    Effects effects(terminal_, prepared, request_, lock.folder());
    RunOutcome outcome;
    Status status = effects.perform(outcome);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().file, "requirements.txt");
    EXPECT_EQ(*readWhole(root_ + "/app.py"), "x = 2\n"); // it came that far
    ASSERT_TRUE(effects.takeBack(outcome));
    EXPECT_EQ(contents(), before_);
}

TEST_F(EffectsTest, FileThatCameToBeIsNotOverwritten) {
    request_.backup = false;
    ProjectLock lock = std::move(*ProjectLock::acquire(root_));
    PreparedRun prepared = prepare(lock);
    put("db/models.py", "mine = 1\n");
    before_ = contents();
    Effects effects(terminal_, prepared, request_, lock.folder());
    RunOutcome outcome;
    ASSERT_FALSE(effects.perform(outcome));
    ASSERT_TRUE(effects.takeBack(outcome));
    EXPECT_EQ(contents(), before_);
}

TEST_F(EffectsTest, LinkInTheWayIsNotFollowed) {
    std::string outside = base_ + "/outside";
    fs::create_directory(outside);
    ProjectLock lock = std::move(*ProjectLock::acquire(root_));
    PreparedRun prepared = prepare(lock);
    fs::create_directory_symlink(outside, root_ + "/db");
    Effects effects(terminal_, prepared, request_, lock.folder());
    RunOutcome outcome;
    EXPECT_FALSE(effects.perform(outcome));
    EXPECT_TRUE(fs::is_empty(outside));
}
