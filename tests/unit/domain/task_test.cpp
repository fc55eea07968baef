#include "domain/task.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <tuple>
#include <vector>

namespace mlbilling {
namespace {

constexpr TaskEvent all_events[] = {TaskEvent::lease,        TaskEvent::settle_completed,
                                    TaskEvent::settle_retry, TaskEvent::settle_failed,
                                    TaskEvent::cancel,       TaskEvent::expire};

constexpr TaskStatus all_statuses[] = {TaskStatus::created,   TaskStatus::processing,
                                       TaskStatus::completed, TaskStatus::error,
                                       TaskStatus::cancelled, TaskStatus::expired};

/// design.md, One task's life, arrow by arrow; everything else is refused.
TEST(TaskMachine, HasExactlyTheseArrows) {
    using Arrow = std::tuple<TaskStatus, TaskEvent, TaskStatus, HoldState>;
    const std::set<Arrow> expected{
        {TaskStatus::created, TaskEvent::lease, TaskStatus::processing, HoldState::open},
        {TaskStatus::created, TaskEvent::cancel, TaskStatus::cancelled, HoldState::released},
        {TaskStatus::created, TaskEvent::expire, TaskStatus::expired, HoldState::released},
        {TaskStatus::processing, TaskEvent::lease, TaskStatus::processing, HoldState::open},
        {TaskStatus::processing, TaskEvent::settle_completed, TaskStatus::completed,
         HoldState::charged},
        {TaskStatus::processing, TaskEvent::settle_retry, TaskStatus::created, HoldState::open},
        {TaskStatus::processing, TaskEvent::settle_failed, TaskStatus::error, HoldState::released},
        {TaskStatus::processing, TaskEvent::expire, TaskStatus::expired, HoldState::released}};
    std::set<Arrow> found;
    for (const auto status : all_statuses)
        for (const auto event : all_events)
            if (const auto to = next(status, event))
                found.insert({status, event, to->status, to->hold});
    EXPECT_EQ(found, expected);
}

TEST(TaskMachine, ATaskIsInTheEndOrNot) {
    for (const auto status : all_statuses)
        EXPECT_EQ(is_final(status),
                  status != TaskStatus::created && status != TaskStatus::processing);
}

/// Whatever happens in whatever order, a hold is resolved once and a task is charged at most once.
RC_GTEST_PROP(TaskMachine, AHoldIsResolvedOnceWhateverHappens, ()) {
    auto status = TaskStatus::created;
    auto hold = HoldState::open;
    int resolutions = 0;
    for (const auto event : *rc::gen::container<std::vector<TaskEvent>>(rc::gen::elementOf(
             std::vector<TaskEvent>(std::begin(all_events), std::end(all_events))))) {
        const auto to = next(status, event);
        if (!to) continue;
        if (hold == HoldState::open && to->hold != HoldState::open) ++resolutions;
        RC_ASSERT(hold == HoldState::open || to->hold == hold);
        status = to->status;
        hold = to->hold;
    }
    RC_ASSERT(resolutions == (is_final(status) ? 1 : 0));
}

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
            EXPECT_EQ(transition->hold == HoldState::charged,
                      transition->status == TaskStatus::completed);
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
