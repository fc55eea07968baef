#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::Each;

/// Several processes of one bot over one store.
class LeadershipTest : public BotWorld {
  protected:
    struct Replica {
        std::unique_ptr<bot::Bot> bot;
        boost::asio::cancellation_signal life;
        bool ended = false;
    };
    std::vector<std::unique_ptr<Replica>> replicas;

    Replica& start_replica(const std::string& name) {
        auto own = options;
        own.process_name = name;
        auto& replica = *replicas.emplace_back(std::make_unique<Replica>());
        replica.bot = std::make_unique<bot::Bot>(
            bot::Dependencies{store, store, store, store, telegram, broker, results, speech, codec,
                              clock, random, metrics, publisher},
            own);
        boost::asio::co_spawn(
            loop, replica.bot->run(),
            boost::asio::bind_cancellation_slot(
                replica.life.slot(), [&replica](std::exception_ptr) { replica.ended = true; }));
        clock.drain();
        return replica;
    }
    /// As kill -9 does: nothing is given back.
    void kill(Replica& replica) {
        replica.life.emit(boost::asio::cancellation_type::terminal);
        clock.drain();
        EXPECT_TRUE(replica.ended);
    }
    ~LeadershipTest() override {
        for (auto& replica : replicas) replica->bot->stop();
        pass(Duration(30'000));
        for (auto& replica : replicas) EXPECT_TRUE(replica->ended);
    }
};

TEST_F(LeadershipTest, OneOfSeveralPollsAndTheOthersStandBy) {
    start_replica("a");
    start_replica("b");
    start_replica("c");
    pass(Duration(200'000));
    EXPECT_EQ(telegram.most_polls_at_once, 1);
    EXPECT_EQ(replicas[0]->bot->state(), bot::UpdateState::receiving);
    EXPECT_EQ(replicas[1]->bot->state(), bot::UpdateState::standing_by);
    EXPECT_EQ(replicas[2]->bot->state(), bot::UpdateState::standing_by);
    EXPECT_TRUE(bot::is_ready(replicas[1]->bot->state()));
}

TEST_F(LeadershipTest, AnotherTakesOverWithinFourSecondsWhereverInItsLeaseTheLeaderDies) {
    std::vector<std::string> answered;
    start_replica("0");
    for (int i = 1; i <= 12; ++i) {
        start_replica(std::to_string(i));
        pass(Duration(10'000 + i * 70));
        kill(*replicas[static_cast<std::size_t>(i) - 1]);
        const auto task = write("Hello");
        EXPECT_FALSE(store.tasks.contains(task));
        pass(Duration(4'000));
        EXPECT_TRUE(store.tasks.contains(task)) << "after the death of replica " << i - 1;
    }
    EXPECT_EQ(telegram.most_polls_at_once, 1);
}

TEST_F(LeadershipTest, ALeaderThatIsDrainedHandsOverWithoutWaitingForItsLeaseToRunOut) {
    auto& first = start_replica("a");
    start_replica("b");
    pass(Duration(5'000));
    first.bot->stop();
    clock.drain();
    EXPECT_TRUE(first.ended);
    EXPECT_EQ(store.poll_leader(), "");
    const auto task = write("Hello");
    pass(Duration(2'000));
    EXPECT_TRUE(store.tasks.contains(task));
}

TEST_F(LeadershipTest, AProcessThatComesBackUnderItsNamePollsAtOnce) {
    kill(start_replica("serve"));
    start_replica("serve");
    EXPECT_EQ(replicas[1]->bot->state(), bot::UpdateState::receiving);
}

TEST_F(LeadershipTest, AStandByAnswersWithTheResultsOfItsOwnTasks) {
    auto& first = start_replica("a");
    start_replica("b");
    const auto task = write("Hello");
    pass(Duration(1'000));
    kill(first);
    // The result is due; the one that never polled delivers it.
    complete_text(task, {"voice"}, 1);
    pass(Duration(3'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
}

TEST_F(LeadershipTest, ALeaderThatCannotRenewStopsPollingBeforeItsLeaseEnds) {
    start_replica("a");
    pass(Duration(7'000));
    store.fail_next("hold_poll_lease", 1'000);
    while (store.poll_leader() == "a") pass(Duration(50));
    EXPECT_EQ(telegram.polls_under_way, 0);
    EXPECT_EQ(replicas[0]->bot->state(), bot::UpdateState::store_unavailable);
}

TEST_F(LeadershipTest, ALeaderWhoseStoreFallsSilentStopsPollingBeforeItsLeaseEnds) {
    start_replica("a");
    pass(Duration(7'000));
    store.leases_are_silent = true;
    while (store.poll_leader() == "a") pass(Duration(50));
    EXPECT_EQ(telegram.polls_under_way, 0);
    store.leases_are_silent = false;
    pass(Duration(10'000));
    EXPECT_EQ(replicas[0]->bot->state(), bot::UpdateState::receiving);
}

TEST_F(LeadershipTest, ALeaseIsTrustedFromItsAskingHoweverLateTheAnswerComes) {
    store.lease_answers_take = Duration(800);
    start_replica("a");
    pass(Duration(7'000));
    EXPECT_EQ(telegram.polls_under_way, 1);
    store.leases_are_silent = true;
    while (store.poll_leader() == "a") pass(Duration(50));
    EXPECT_EQ(telegram.polls_under_way, 0);
    store.leases_are_silent = false;
}

TEST_F(LeadershipTest, AFewFailedRenewalsDoNotInterruptThePolling) {
    start_replica("a");
    start_replica("b");
    pass(Duration(7'000));
    const auto polls = telegram.polls.size();
    store.fail_next("hold_poll_lease", 3);
    pass(Duration(10'000));
    EXPECT_EQ(telegram.polls.size(), polls);
    EXPECT_EQ(store.poll_leader(), "a");
}

TEST_F(LeadershipTest, ALeaseThatAnotherHasTakenIsNotPolledUnder) {
    start_replica("a");
    pass(Duration(3'000));
    store.take_poll_lease("intruder", Duration(20'000));
    pass(Duration(2'000));
    EXPECT_EQ(telegram.polls_under_way, 0);
    EXPECT_EQ(replicas[0]->bot->state(), bot::UpdateState::standing_by);
    pass(Duration(25'000));
    EXPECT_EQ(telegram.polls_under_way, 1);
}

TEST_F(LeadershipTest, WhoLostTheLeaseDoesNotEvenConfirmUnderAnothers) {
    start_replica("a");
    write("Hello");
    pass(Duration(1'000));
    const auto polls = telegram.polls.size();
    store.take_poll_lease("intruder", Duration(20'000));
    pass(Duration(10'000));
    EXPECT_EQ(telegram.polls.size(), polls);
}

TEST_F(LeadershipTest, AGrantWhoseAnswerIsLostIsGivenBackAtTheEnd) {
    store.lose_next_answer("hold_poll_lease");
    auto& replica = start_replica("a");
    EXPECT_EQ(store.poll_leader(), "a");
    replica.bot->stop();
    clock.drain();
    EXPECT_EQ(store.poll_leader(), "");
}

}  // namespace
}  // namespace mlbilling::test
