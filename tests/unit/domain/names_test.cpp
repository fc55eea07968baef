#include "domain/names.hpp"

#include <gtest/gtest.h>

#include <set>

#include "domain/failure.hpp"
#include "domain/ledger.hpp"
#include "domain/task.hpp"
#include "domain/user.hpp"

namespace mlbilling {
namespace {

/// Every value up to `last` has a name of its own that is read back as that value.
template <class Enum, class Parse>
void expect_round_trip(Enum last, Parse parse) {
    std::set<std::string_view> seen;
    for (int value = 0; value <= static_cast<int>(last); ++value) {
        const auto name = to_string(static_cast<Enum>(value));
        EXPECT_EQ(parse(name), static_cast<Enum>(value)) << name;
        EXPECT_TRUE(seen.insert(name).second) << name << " names two values";
    }
    for (const auto* unknown : {"", "Created", "created ", "nonsense"})
        EXPECT_EQ(parse(unknown), std::nullopt) << unknown;
}

TEST(Names, OfEveryEnumerationAreReadBack) {
    expect_round_trip(TaskType::voice, parse_task_type);
    expect_round_trip(TaskStatus::expired, parse_task_status);
    expect_round_trip(TransactionType::adjustment, parse_transaction_type);
    expect_round_trip(Role::banned, parse_role);
    expect_round_trip(Language::english, parse_language);
    expect_round_trip(ReplyFormat::file, parse_reply_format);
    expect_round_trip(FailureReason::cancelled, parse_failure_reason);
}

TEST(Names, AreThoseThatOtherProgramsRelyOn) {
    EXPECT_EQ(to_string(TaskStatus::error), "error");
    EXPECT_EQ(to_string(TaskStatus::cancelled), "cancelled");
    EXPECT_EQ(to_string(TransactionType::charge), "charge");
    EXPECT_EQ(to_string(HoldState::released), "released");
    EXPECT_EQ(to_string(Language::russian), "ru");
}

TEST(NamesDeathTest, AValueOutsideItsEnumerationIsABrokenPromise) {
    EXPECT_DEATH(to_string(static_cast<TaskStatus>(99)), "broken promise");
}

}  // namespace
}  // namespace mlbilling
