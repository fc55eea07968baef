// Who is given the starting grant, and when.
#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr Duration hour{3'600'000};

TEST_P(StoreContract, AProducersWordRegistersWithoutAGrant) {
    auto request = foreign_request(1, "job", 10);
    request.start.credits = Credits(0);
    EXPECT_TRUE(std::holds_alternative<Insufficient>(run(store().accept(request))));
    EXPECT_EQ(balance_of(1), 0);
    EXPECT_EQ(claim(start(1, 0)).notice.facts.at("granted"), "20");
    EXPECT_EQ(balance_of(1), 20);
    start(1, 0);
    EXPECT_EQ(balance_of(1), 20);
}

TEST_P(StoreContract, AFirstMessageToTheBotIsTheFirstContactToo) {
    auto request = foreign_request(1, "job", 10);
    request.start.credits = Credits(0);
    run(store().accept(request));
    give(1, 5, "a gift meanwhile");
    accept(text_request(1, "1_1", 10));
    EXPECT_EQ(account(1), credits(25, 1));
}

TEST_P(StoreContract, AProducersWordGrantsWhereItMay) {
    accept(foreign_request(1, "job", 10));
    EXPECT_EQ(account(1), credits(20, 1));
    start(1, 0);
    EXPECT_EQ(account(1), credits(20, 1));
}

TEST_P(StoreContract, WhoIsBeyondTheHoursGrantsIsToldWhenAndGetsItThen) {
    start(1, 2);
    clock().advance(Duration(600'000));
    start(2, 2);
    clock().advance(Duration(600'000));
    start(3, 2);
    EXPECT_EQ(balance_of(3), 0);
    const auto due = clock().now() + hour - Duration(1'200'000);
    EXPECT_THAT(
        told(Notice::Kind::grant_owed),
        ElementsAre(Pair(3, ElementsAre(Pair("credits", "20"),
                                        Pair("due", std::to_string(due.time_since_epoch().count())),
                                        Pair("minutes", "40")))));
    clock().advance(due - clock().now() - Duration(1));
    EXPECT_EQ(sweep(), 0);
    clock().advance(Duration(1));
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(sweep(), 0);
    EXPECT_EQ(balance_of(3), 20);
    EXPECT_THAT(told(Notice::Kind::grant_given),
                ElementsAre(Pair(3, ElementsAre(Pair("credits", "20")))));
    start(3, 2);
    EXPECT_EQ(balance_of(3), 20);
}

TEST_P(StoreContract, NoHourHasMoreGrantsThanTheLimit) {
    std::vector<Time> given;
    std::int64_t next = 1;
    const auto begin = clock().now();
    for (int minute = 0; minute < 300; ++minute) {
        if (minute < 60)
            for (int i = 0; i < minute % 3; ++i) start(next++, 7);
        std::int64_t before = static_cast<std::int64_t>(given.size());
        run(store().sweep({}));
        const auto now_given = run(store().statistics()).starting_grants;
        for (; before < now_given; ++before) given.push_back(clock().now());
        clock().advance(Duration(60'000));
    }
    for (std::size_t i = 7; i < given.size(); ++i) EXPECT_GE(given[i] - given[i - 7], hour) << i;
    EXPECT_GE(given.size(), 7U * 4);
    EXPECT_LT(given.back() - begin, hour * 5);
}

TEST_P(StoreContract, GrantsThatAreGivenLateKeepTheirDistance) {
    for (std::int64_t user = 1; user <= 3; ++user) start(user, 1);
    clock().advance(hour * 5);
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(sweep(), 0);
    start(4, 1);
    clock().advance(hour - Duration(1));
    EXPECT_EQ(sweep(), 0);
    clock().advance(Duration(1));
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(balance_of(3), 20);
    EXPECT_EQ(balance_of(4), 0);
    clock().advance(hour);
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(balance_of(4), 20);
}

TEST_P(StoreContract, NewcomersWhoComeTogetherShareTheLimit) {
    std::vector<Async<TaskOutcome>> works;
    for (std::int64_t user = 1; user <= 40; ++user) {
        auto request = text_request(user, std::to_string(user) + "_1", 10);
        request.start.per_hour = 25;
        works.push_back(store().accept(request));
    }
    int accepted = 0;
    for (const auto& outcome : run_together(std::move(works)))
        accepted += std::holds_alternative<Accepted>(outcome) ? 1 : 0;
    EXPECT_EQ(accepted, 25);
    EXPECT_EQ(told(Notice::Kind::grant_owed).size(), 15U);
    clock().advance(hour);
    EXPECT_EQ(sweep(), 15);
    const auto sums = run(store().statistics());
    EXPECT_EQ(sums.starting_grants, 40);
    EXPECT_EQ(sums.grants_delayed, 15);
}

TEST_P(StoreContract, TwoHundredNewcomersAtOnceAreServed) {
    std::vector<Async<AnswerOutcome>> works;
    for (std::int64_t user = 1; user <= 200; ++user)
        works.push_back(store().answer(start_request(user, 120)));
    for (const auto& outcome : run_together(std::move(works))) EXPECT_TRUE(outcome.has_value());
    EXPECT_EQ(run(store().statistics()).starting_grants, 120);
    EXPECT_EQ(told(Notice::Kind::grant_owed).size(), 80U);
}

TEST_P(StoreContract, ASecondContactNeitherDoublesNorHastensAnOwedGrant) {
    start(1, 1);
    start(2, 1);
    start(2, 1);
    auto request = text_request(2, "2_1", 10);
    request.start.per_hour = 1;
    EXPECT_TRUE(std::holds_alternative<Insufficient>(run(store().accept(request))));
    clock().advance(hour);
    EXPECT_EQ(sweep(), 1);
    clock().advance(hour);
    EXPECT_EQ(sweep(), 0);
    EXPECT_EQ(balance_of(2), 20);
}

TEST_P(StoreContract, WithoutALimitEverybodyIsGranted) {
    for (std::int64_t user = 1; user <= 30; ++user) start(user, 0);
    EXPECT_EQ(run(store().statistics()).starting_grants, 30);
    EXPECT_THAT(told(Notice::Kind::grant_owed), IsEmpty());
}

TEST_P(StoreContract, EveryBookingIsInTheSums) {
    start(1, 0);
    give(1, 30, "r1");
    give(1, -5, "r2");
    accept(1, "1_1", 100);
    complete(lease("1_1"), 10);
    run(store().refund(TaskId("1_1"), Credits(4), "operator", "a test", "r3"));
    for (int look = 0; look < 4; ++look) {
        std::map<TransactionType, std::int64_t> sums;
        for (const auto& total : run(store().statistics()).booked) sums[total.type] = total.amount;
        EXPECT_THAT(
            sums,
            ElementsAre(Pair(TransactionType::grant, 50), Pair(TransactionType::charge, 10),
                        Pair(TransactionType::refund, 4), Pair(TransactionType::adjustment, 5)));
        run(store().sweep({}));
    }
}

}  // namespace
}  // namespace mlbilling::test
