// Two runs on one database: one waits for the other for a while, and says for whom.
#include <atomic>
#include <chrono>
#include <thread>

#include "backend.h"
#include "load/locks.h"
#include "load/undo.h"

namespace covet::test {
namespace {

using schema::Dialect;
using Clock = std::chrono::steady_clock;

class Locks : public BackendTest {
protected:
    std::unique_ptr<database::Connection> holder() {
        auto other = session();
        EXPECT_TRUE(load::lockDatabase(*other).ok());
        return other;
    }

    load::Request patient(int milliseconds) {
        load::Request made = request(shop());
        made.patience = patience(milliseconds);
        return made;
    }

    load::Patience patience(int milliseconds) {
        load::Patience made;
        made.limit = std::chrono::milliseconds(milliseconds);
        made.waiting = [this](const std::string& message) {
            message_ = message;
            ++told_;
            return !stop_;
        };
        return made;
    }

    static double secondsSince(Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    }

    std::string message_;
    int told_ = 0;
    bool stop_ = false;
};

TEST_P(Locks, AnotherRunIsNamedAndWaitedForNoLongerThanAsked) {
    const auto other = holder();
    const auto start = Clock::now();
    const auto refused = load::Migration::open(patient(700));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(database::exitStatus(refused.error()), 7);
    EXPECT_NE(refused.error().message.find(GetParam() == Dialect::Mysql ? "connection" : "process"), std::string::npos)
        << refused.error().message;
    EXPECT_GE(secondsSince(start), 0.7);
    EXPECT_LT(secondsSince(start), 5);
    EXPECT_GE(told_, 2);
    EXPECT_NE(message_.find("waiting up to"), std::string::npos) << message_;
    EXPECT_TRUE(tables().empty());
}

TEST_P(Locks, ARunThatEndsLetsTheNextOneIn) {
    auto other = holder();
    std::thread owner([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(800));
        other.reset();
    });
    const auto done = load::migrate(patient(20000));
    owner.join();
    ASSERT_TRUE(done.ok()) << done.error().message;
    EXPECT_GE(told_, 1);
}

TEST_P(Locks, AnUndoWaitsToo) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    auto other = holder();
    std::thread owner([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(800));
        other.reset();
    });
    const auto done = load::undo(url_, "run-1", false, patience(20000));
    owner.join();
    ASSERT_TRUE(done.ok()) << done.error().message;
    EXPECT_GE(told_, 1);
    EXPECT_TRUE(tables().empty());
}

TEST_P(Locks, WaitingCanBeStopped) {
    const auto other = holder();
    stop_ = true;
    const auto start = Clock::now();
    EXPECT_FALSE(load::Migration::open(patient(20000)).ok());
    EXPECT_EQ(told_, 1);
    EXPECT_LT(secondsSince(start), 5);
}

TEST_P(Locks, NobodyWaitsForNobody) {
    ASSERT_TRUE(load::migrate(patient(20000)).ok());
    EXPECT_EQ(told_, 0);
    const auto free = session();
    EXPECT_TRUE(load::lockDatabase(*free, patience(0)).ok());
}

TEST_P(Locks, WhatHelpersOfARunStillDoIsWaitedFor) {
    if (GetParam() != Dialect::Mysql) return; // the only one with helpers
    auto helper = load::helperSession(url_, 2);
    ASSERT_TRUE(helper.ok()) << helper.error().message;
    const auto refused = load::Migration::open(patient(300));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(database::exitStatus(refused.error()), 7) << refused.error().message;
    // The attempts keep nothing.
    (*helper).reset();
    EXPECT_TRUE(load::migrate(patient(20000)).ok());
}

INSTANTIATE_TEST_SUITE_P(Databases, Locks, ::testing::Values(Dialect::Postgres, Dialect::Mysql), backendName);

} // namespace
} // namespace covet::test
