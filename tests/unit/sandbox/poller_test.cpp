#include "sandbox/poller.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>

#include "bot_fixture.hpp"
#include "support/run.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::sandbox {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

/// Long polls on virtual time: nothing here waits.
class PollerTest : public BotFixture {
  protected:
    /// A poll that may still be waiting.
    struct Poll {
        std::optional<Answer> answer;
        Time at;
        bool ended = false;
        asio::cancellation_signal cancel;
    };

    std::shared_ptr<Poll> poll(Values values) {
        auto poll = std::make_shared<Poll>();
        Call call;
        call.bot = test_bot;
        call.now = clock.now();
        call.parameters = Parameters(std::move(values));
        asio::co_spawn(
            loop, poller.get_updates(std::move(call)),
            asio::bind_cancellation_slot(
                poll->cancel.slot(), [this, poll](const std::exception_ptr& error, Answer answer) {
                    poll->ended = true;
                    poll->at = clock.now();
                    if (!error) poll->answer = std::move(answer);
                }));
        clock.drain();
        return poll;
    }
    static std::size_t count(const std::shared_ptr<Poll>& poll) {
        if (!poll->answer || poll->answer->status != 200) return 999;
        return boost::json::parse(poll->answer->body).at("result").as_array().size();
    }
    void TearDown() override {
        poller.close();
        clock.drain();
    }
    Duration waited(const std::shared_ptr<Poll>& poll) const { return poll->at - started; }

    asio::io_context loop;
    test::VirtualClock clock{loop, now};
    Poller poller{state, clock};
    Time started = clock.now();
};

TEST_F(PollerTest, WithoutATimeoutItAnswersAtOnce) {
    EXPECT_EQ(count(poll({})), 0U);
    say("a");
    EXPECT_EQ(count(poll({{"offset", "1"}})), 1U);
}

TEST_F(PollerTest, AWaitingPollAnswersAsSoonAsSomethingComes) {
    const auto waiting = poll({{"timeout", "30"}});
    clock.advance(seconds(10));
    EXPECT_FALSE(waiting->ended);
    say("a");
    clock.drain();
    EXPECT_EQ(count(waiting), 1U);
    EXPECT_EQ(waited(waiting), seconds(10));
}

TEST_F(PollerTest, AWaitingPollEndsEmptyAfterItsTimeout) {
    const auto waiting = poll({{"timeout", "30"}});
    clock.advance(seconds(60));
    EXPECT_EQ(count(waiting), 0U);
    EXPECT_EQ(waited(waiting), seconds(30));
}

TEST_F(PollerTest, NoPollWaitsLongerThan50Seconds) {
    const auto waiting = poll({{"timeout", "600"}});
    clock.advance(seconds(100));
    EXPECT_EQ(waited(waiting), seconds(50));
}

TEST_F(PollerTest, TheSameOffsetAgainWithinThreeSecondsIsMadeToWaitThree) {
    EXPECT_EQ(count(poll({{"offset", "5"}})), 0U);
    clock.advance(seconds(1));
    const auto hasty = poll({{"offset", "5"}});
    EXPECT_FALSE(hasty->ended);
    clock.advance(seconds(10));
    EXPECT_EQ(waited(hasty), seconds(4));
    // Another offset, or three seconds later, is not hasty.
    EXPECT_TRUE(poll({{"offset", "6"}})->ended);
    clock.advance(seconds(3));
    EXPECT_TRUE(poll({{"offset", "6"}})->ended);
}

TEST_F(PollerTest, TheSameOffsetAgainWithinHalfASecondGetsOneUpdate) {
    say("a");
    say("b");
    EXPECT_EQ(count(poll({{"offset", "0"}})), 2U);
    clock.advance(Duration(499));
    EXPECT_EQ(count(poll({{"offset", "0"}})), 1U);
    clock.advance(Duration(500));
    EXPECT_EQ(count(poll({{"offset", "0"}})), 2U);
}

TEST_F(PollerTest, TheOlderOfTwoWaitingPollsGets409) {
    const auto older = poll({{"timeout", "50"}});
    const auto newer = poll({{"timeout", "50"}, {"offset", "1"}});
    ASSERT_TRUE(older->answer.has_value());
    EXPECT_EQ(older->answer->status, 409);
    EXPECT_EQ(error(*older->answer),
              "Conflict: terminated by other getUpdates request; make sure that only one bot "
              "instance is running");
    EXPECT_FALSE(newer->ended);
    say("a");
    clock.drain();
    EXPECT_EQ(count(newer), 1U);
}

TEST_F(PollerTest, ASecond409WithinThreeSecondsComesThreeSecondsLate) {
    const auto first = poll({{"timeout", "50"}});
    const auto second = poll({{"timeout", "50"}, {"offset", "1"}});
    clock.advance(seconds(1));
    const auto third = poll({{"timeout", "50"}, {"offset", "2"}});
    EXPECT_FALSE(second->ended);
    clock.advance(seconds(3));
    EXPECT_EQ(second->answer.value().status, 409);
    EXPECT_EQ(waited(second), seconds(4));
    const auto fourth = poll({{"timeout", "50"}, {"offset", "3"}});
    EXPECT_EQ(waited(third), seconds(4));
    EXPECT_FALSE(fourth->ended);
}

TEST_F(PollerTest, APollThatIsAnsweredAtOnceDisturbsNobody) {
    const auto waiting = poll({{"timeout", "50"}});
    EXPECT_EQ(count(poll({{"timeout", "0"}, {"offset", "1"}})), 0U);
    EXPECT_FALSE(waiting->ended);
}

TEST_F(PollerTest, APollWhoseClientWentAwayLeavesNothingBehind) {
    const auto gone = poll({{"timeout", "50"}});
    gone->cancel.emit(asio::cancellation_type::terminal);
    clock.drain();
    EXPECT_TRUE(gone->ended);
    say("a");
    clock.drain();
    EXPECT_EQ(count(poll({{"timeout", "50"}, {"offset", "1"}})), 1U);
}

TEST_F(PollerTest, ANegativeOffsetForgetsOnceAndThenWaitsForAll) {
    say("a");
    EXPECT_EQ(count(poll({{"offset", "-1"}, {"timeout", "50"}})), 1U);
    state.updates.clear();
    clock.advance(seconds(1));
    const auto waiting = poll({{"offset", "-1"}, {"timeout", "50"}});
    say("b");
    say("c");
    clock.drain();
    EXPECT_EQ(count(waiting), 2U);
}

TEST_F(PollerTest, AllowedUpdatesAreRememberedUntilGivenAgain) {
    poll({{"allowed_updates", R"(["callback_query"])"}});
    say("unheard");
    poll({{"offset", "1"}});
    say("unheard");
    EXPECT_EQ(state.updates.pending(clock.now()), 0U);
    poll({{"offset", "2"}, {"allowed_updates", "[]"}});
    say("heard");
    EXPECT_EQ(state.updates.pending(clock.now()), 1U);
}

TEST_F(PollerTest, ABatchStaysBelowFourMegabytes) {
    for (int i = 0; i < 100; ++i) {
        for (int k = 0; k < 10; ++k) say(std::string(4096, 'x'));
    }
    EXPECT_EQ(count(poll({})), 100U);
    state.updates.clear();
    // Each of these is some 50 kB as JSON: a control character is six letters there.
    for (int i = 0; i < 100; ++i) say("x" + std::string(4094, '\1') + "x");
    const auto cut = count(poll({{"offset", "1"}}));
    EXPECT_GT(cut, 50U);
    EXPECT_EQ(count(poll({{"offset", "2"}, {"limit", "1"}})), 1U);
}

TEST_F(PollerTest, ClosingEndsTheWaitingPollAsARestartDoes) {
    const auto waiting = poll({{"timeout", "50"}});
    poller.close();
    clock.drain();
    EXPECT_EQ(waiting->answer.value().status, 500);
    EXPECT_EQ(error(*waiting->answer), "Internal Server Error: restart");
    EXPECT_EQ(poll({{"timeout", "50"}})->answer.value().status, 500);
}

}  // namespace
}  // namespace mlbilling::sandbox
