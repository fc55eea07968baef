#include "domain/task.hpp"

#include <gtest/gtest.h>

namespace mlbilling {
namespace {

constexpr TaskEvent all_events[] = {TaskEvent::lease,         TaskEvent::settle_completed,
                                    TaskEvent::settle_retry,  TaskEvent::settle_failed,
                                    TaskEvent::cancel,        TaskEvent::expire};

TEST(TaskMachine, AFinalStatusAllowsNothing) {
    for (const auto status :
         {TaskStatus::completed, TaskStatus::error, TaskStatus::cancelled, TaskStatus::expired})
        for (const auto event : all_events) EXPECT_EQ(next(status, event), std::nullopt);
}

TEST(TaskMachine, OnlyACompletedTaskIsCharged) {
    for (const auto status : {TaskStatus::created, TaskStatus::processing})
        for (const auto event : all_events) {
            const auto transition = next(status, event);
            if (!transition) continue;
            EXPECT_EQ(transition->hold == HoldState::charged, transition->status == TaskStatus::completed);
            EXPECT_EQ(transition->hold == HoldState::open, !is_final(transition->status));
        }
}

TEST(TaskMachine, ARunningTaskCannotBeCancelled) {
    EXPECT_EQ(next(TaskStatus::processing, TaskEvent::cancel), std::nullopt);
}

TEST(TaskMachine, NothingIsSettledThatWasNotLeased) {
    for (const auto event :
         {TaskEvent::settle_completed, TaskEvent::settle_retry, TaskEvent::settle_failed})
        EXPECT_EQ(next(TaskStatus::created, event), std::nullopt);
}

}  // namespace
}  // namespace mlbilling
