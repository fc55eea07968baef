#include "bot/poller.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>

#include "bot_world.hpp"
#include "update_recorder.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

class PollerTest : public BotWorld {
  protected:
    UpdateRecorder handler{clock};
    Event stop_event;
    bot::UpdateLanes lanes{handler};
    std::optional<bot::Dependencies> outside;
    std::optional<bot::Poller> poller;
    bool poller_ended = false;

    void start_poller() {
        outside.emplace(bot::Dependencies{store, store, store, store, telegram, broker, results,
                                          speech, codec, clock, random, metrics, publisher});
        poller.emplace(*outside, options, lanes, stop_event);
        boost::asio::co_spawn(loop, run_and_confirm(),
                              [this](std::exception_ptr error) { poller_ended = !error; });
        clock.drain();
    }
    Async<void> run_and_confirm() {
        co_await poller->run();
        co_await poller->confirm();
    }
    void push(std::int64_t id, std::int64_t chat_id) {
        telegram.push({UpdateId(id), message("x", chat_id, chat_id)});
    }
    ~PollerTest() override {
        stop_event.set();
        pass(Duration(400'000));
        EXPECT_TRUE(poller_ended);
    }
    /// Time between the two newest polls.
    Duration newest_gap() const {
        return telegram.polls.back() - telegram.polls[telegram.polls.size() - 2];
    }
};

TEST_F(PollerTest, TheOffsetMovesPastWhatIsCommitted) {
    push(10, 1);
    push(11, 2);
    start_poller();
    EXPECT_THAT(handler.committed, ElementsAre(10, 11));
    EXPECT_THAT(telegram.offsets, ElementsAre(0, 12));
    EXPECT_EQ(telegram.timeouts.back(), Duration(50'000));
}

TEST_F(PollerTest, OneChatIsHandledInOrderAndOthersAtTheSameTime) {
    handler.delays[10] = Duration(1'000);
    push(10, 1);
    push(11, 1);
    push(12, 2);
    start_poller();
    EXPECT_THAT(handler.begun, ElementsAre(10, 12));
    EXPECT_THAT(handler.committed, ElementsAre(12));
    EXPECT_THAT(telegram.offsets, SizeIs(1));
    pass(Duration(1'000));
    EXPECT_THAT(handler.committed, ElementsAre(12, 10, 11));
    EXPECT_EQ(telegram.offsets.back(), 13);
}

TEST_F(PollerTest, AFailedUpdateHoldsTheOffsetAndWhatFollowsInItsChat) {
    handler.failures[11] = 1;
    push(10, 1);
    push(11, 1);
    push(12, 1);
    push(13, 2);
    start_poller();
    // 12 must not overtake 11; 13 is another chat's, but may not be confirmed before 11.
    EXPECT_THAT(handler.begun, ElementsAre(10, 11, 13));
    EXPECT_EQ(poller->state(), bot::UpdateState::store_unavailable);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.offsets.at(1), 11);
    EXPECT_THAT(handler.committed, ElementsAre(10, 13, 11, 12, 13));
    EXPECT_EQ(telegram.offsets.back(), 14);
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
}

TEST_F(PollerTest, AStoreThatStaysDownIsTriedAgainAtTheSameOffsetMoreAndMoreSlowly) {
    handler.failures[10] = 8;
    push(10, 1);
    start_poller();
    pass(Duration(200'000));
    EXPECT_THAT(handler.committed, ElementsAre(10));
    ASSERT_GE(telegram.offsets.size(), 9U);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(telegram.offsets[i], 0);
    for (std::size_t i = 1; i < 9; ++i) {
        EXPECT_GE(telegram.polls[i] - telegram.polls[i - 1], Duration(200));
        EXPECT_LE(telegram.polls[i] - telegram.polls[i - 1], Duration(30'000));
    }
}

TEST_F(PollerTest, AnUpdateThatIsRepeatedInABatchDoesNotMoveTheOffsetBack) {
    push(10, 1);
    push(11, 1);
    push(10, 1);
    start_poller();
    EXPECT_EQ(telegram.offsets.back(), 12);
}

TEST_F(PollerTest, IdsMayGoDownBetweenBatches) {
    push(1'000'000, 1);
    start_poller();
    EXPECT_EQ(telegram.offsets.back(), 1'000'001);
    // Telegram has drawn a new number after a quiet week; its next answer holds smaller ids.
    push(2'000'000, 1);
    clock.drain();
    EXPECT_EQ(telegram.offsets.back(), 2'000'001);
}

TEST_F(PollerTest, AnUpdateThatSurprisesUsIsTriedThriceAndThenPassedOver) {
    handler.odd_failures[10] = 100;
    push(10, 1);
    push(11, 1);
    start_poller();
    pass(Duration(30'000));
    EXPECT_THAT(handler.begun, ElementsAre(10, 10, 10, 11));
    EXPECT_THAT(handler.committed, ElementsAre(11));
    EXPECT_EQ(telegram.offsets.back(), 12);
}

TEST_F(PollerTest, AConflictBacksOffBetweenFiveAndSixtySecondsAndNeverEnds) {
    for (int i = 0; i < 12; ++i) telegram.fail_next("getUpdates", telegram::Failure::conflict);
    start_poller();
    EXPECT_EQ(poller->state(), bot::UpdateState::conflict);
    for (int i = 1; i < 12; ++i) {
        while (telegram.polls.size() <= static_cast<std::size_t>(i)) pass(Duration(1'000));
        EXPECT_THAT(newest_gap(), testing::AllOf(Ge(Duration(5'000)), Le(Duration(60'000))));
    }
    push(10, 1);
    pass(Duration(60'000));
    EXPECT_THAT(handler.committed, ElementsAre(10));
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
}

TEST_F(PollerTest, AnInvalidTokenIsToldAndTriedRarely) {
    telegram.fail_next("getUpdates", telegram::Failure::unauthorized);
    start_poller();
    EXPECT_EQ(poller->state(), bot::UpdateState::unauthorized);
    pass(Duration(59'000));
    EXPECT_THAT(telegram.polls, SizeIs(1));
    pass(Duration(300'000));
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
}

TEST_F(PollerTest, WhatTelegramAsksToWaitIsWaited) {
    telegram.fail_next("getUpdates", telegram::Failure::too_many_requests, Duration(17'000));
    start_poller();
    pass(Duration(16'999));
    EXPECT_THAT(telegram.polls, SizeIs(1));
    pass(Duration(1));
    EXPECT_GE(telegram.polls.size(), 2U);
}

TEST_F(PollerTest, EveryCompletedPollFeedsTheWatchdog) {
    telegram.fail_next("getUpdates", telegram::Failure::ambiguous);
    start_poller();
    EXPECT_THAT(metrics.polls, IsEmpty());
    EXPECT_EQ(poller->state(), bot::UpdateState::unreachable);
    pass(Duration(30'000));
    EXPECT_THAT(metrics.polls, SizeIs(1));
    pass(Duration(60'000));
    EXPECT_GE(metrics.polls.size(), 2U);
    EXPECT_EQ(metrics.polls[1] - metrics.polls[0], Duration(50'000));
}

TEST_F(PollerTest, TheFirstPollDoesNotWaitSoThatReadinessIsKnownAtOnce) {
    start_poller();
    EXPECT_EQ(telegram.timeouts.front(), Duration(0));
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
    push(10, 1);
    clock.drain();
    EXPECT_THAT(handler.committed, ElementsAre(10));
}

TEST_F(PollerTest, AServerThatDoesNotHoldThePollIsNotHammered) {
    options.poll_timeout = Duration(0);
    start_poller();
    pass(Duration(10'000));
    EXPECT_LE(telegram.polls.size(), 12U);
}

TEST_F(PollerTest, StoppingAbortsThePollAndConfirmsWhatIsCommitted) {
    push(10, 1);
    start_poller();
    stop_event.set();
    clock.drain();
    EXPECT_TRUE(poller_ended);
    EXPECT_EQ(telegram.offsets.back(), 11);
    EXPECT_EQ(telegram.timeouts.back(), Duration(0));
}

TEST_F(PollerTest, StoppingFinishesTheBatchInHand) {
    handler.delays[10] = Duration(3'000);
    push(10, 1);
    push(11, 1);
    start_poller();
    stop_event.set();
    clock.drain();
    EXPECT_FALSE(poller_ended);
    pass(Duration(3'000));
    EXPECT_TRUE(poller_ended);
    EXPECT_THAT(handler.committed, ElementsAre(10, 11));
    EXPECT_THAT(telegram.offsets, ElementsAre(0, 12));
}

TEST_F(PollerTest, StoppingDoesNotConfirmWhatIsNotCommitted) {
    handler.failures[11] = 100;
    push(10, 1);
    push(11, 1);
    start_poller();
    stop_event.set();
    clock.drain();
    EXPECT_TRUE(poller_ended);
    EXPECT_EQ(telegram.offsets.back(), 11);
}

TEST_F(BotWorld, AnAcceptWhoseAnswerIsLostIsRecognisedWhenItComesAgain) {
    start();
    store.lose_next_answer("accept");
    const auto task = write("Hello");
    pass(Duration(5'000));
    EXPECT_EQ(store.tasks.size(), 1U);
    EXPECT_EQ(store.users.at(TelegramId(7)).account.held, Credits(1));
    EXPECT_EQ(metrics.duplicates, 1);
    // Its message to the workers is left to the relay; the result arrives all the same.
    complete_text(task, {"voice"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
}

TEST_F(BotWorld, AnAnswerWhoseCommitIsNotSeenIsDeliveredByTheSweep) {
    start();
    store.lose_next_answer("answer");
    write("/balance");
    pass(Duration(5'000));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_THAT(store.deliveries, SizeIs(1));
}

TEST_F(PollerTest, AnUpdateThatCannotBeReadIsPassedOverAndThoseBesideItAreTaken) {
    push(10, 1);
    push(12, 2);
    telegram.unreadable = 11;
    start_poller();
    pass(Duration(5'000));
    EXPECT_THAT(handler.committed, ElementsAre(10, 12));
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
}

TEST_F(PollerTest, AnUpdateWhoseIdCannotBeReadEitherIsStoodOverOneByOne) {
    push(10, 1);
    push(14, 2);
    telegram.unreadable = 13;
    telegram.tells_unreadable = false;
    start_poller();
    pass(Duration(10'000));
    EXPECT_THAT(handler.committed, ElementsAre(10, 14));
    EXPECT_EQ(poller->state(), bot::UpdateState::receiving);
    for (std::size_t i = 2; i < telegram.first_offsets.size(); ++i)
        EXPECT_LE(telegram.first_offsets[i], telegram.first_offsets[i - 1] + 1);
}

TEST_F(PollerTest, WhereNothingIsKnownOfAnUnreadableUpdateNothingIsSkipped) {
    telegram.unreadable = 13;
    telegram.tells_unreadable = false;
    push(14, 2);
    start_poller();
    pass(Duration(30'000));
    EXPECT_THAT(handler.committed, IsEmpty());
    EXPECT_EQ(poller->state(), bot::UpdateState::unreadable);
    EXPECT_THAT(telegram.offsets, testing::Each(0));
    telegram.unreadable = 0;
    pass(Duration(120'000));
    EXPECT_THAT(handler.committed, ElementsAre(14));
}

}  // namespace
}  // namespace mlbilling::test
