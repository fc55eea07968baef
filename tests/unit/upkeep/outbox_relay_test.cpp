#include "upkeep/outbox_relay.hpp"

#include <gmock/gmock.h>

#include "adapters/inprocess/broker.hpp"
#include "upkeep_world.hpp"

namespace mlbilling::test {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

class OutboxRelayTest : public UpkeepTest {
  protected:
    ~OutboxRelayTest() override {
        relay.stop();
        advance(60'000);
    }
    /// Acknowledges what waits in the queue.
    int consume() {
        int count = 0;
        while (broker.depth(task_queue()) > 0) {
            ++count;
            boost::asio::co_spawn(loop, take(), [](std::exception_ptr) {});
            clock.drain();
        }
        return count;
    }
    Async<void> take() {
        const auto received = co_await broker.receive(task_queue());
        co_await broker.acknowledge(received.receipt);
    }

    inprocess::InProcessBroker broker{
        {.task_capacity = 10, .other_capacity = 10, .most_redeliveries = 5}};
    OutboxPublisher publisher{broker, store};
    OutboxRelay relay{store, broker, publisher, clock, random};
};

TEST_F(OutboxRelayTest, WhatItsWriterDidNotPublishIsPublished) {
    store.add(3);
    spawn(relay.run());
    advance(10);
    EXPECT_EQ(broker.depth(task_queue()), 3U);
    EXPECT_THAT(store.outbox, IsEmpty());
}

TEST_F(OutboxRelayTest, NoMoreIsTakenThanTheBrokerHasRoomFor) {
    store.add(25);
    spawn(relay.run());
    advance(5'000);
    EXPECT_EQ(broker.depth(task_queue()), 10U);
    EXPECT_THAT(store.outbox, SizeIs(15));
    EXPECT_THAT(store.limits, Each(Le(10)));
}

TEST_F(OutboxRelayTest, ABacklogFollowsAsSoonAsThereIsRoom) {
    store.add(25);
    spawn(relay.run());
    int consumed = 0;
    for (int i = 0; i < 5; ++i) {
        advance(100);
        consumed += consume();
    }
    EXPECT_EQ(consumed, 25);
}

TEST_F(OutboxRelayTest, ItLooksLessOftenWhileThereIsNothing) {
    spawn(relay.run());
    advance(60'000);
    EXPECT_LT(store.limits.size(), 70U);
    EXPECT_GT(store.limits.size(), 50U);
}

TEST_F(OutboxRelayTest, AKickMakesItLookAtOnce) {
    spawn(relay.run());
    advance(20'000);
    store.add(1);
    relay.kick();
    advance(5);
    EXPECT_EQ(broker.depth(task_queue()), 1U);
}

TEST_F(OutboxRelayTest, AnOutageOfTheStoreIsSurvived) {
    store.outages = 5;
    store.add(1);
    spawn(relay.run());
    advance(30'000);
    EXPECT_FALSE(ended);
    EXPECT_EQ(broker.depth(task_queue()), 1U);
}

TEST_F(OutboxRelayTest, StopEndsItAtOnce) {
    spawn(relay.run());
    advance(20'000);
    relay.stop();
    advance(5);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
}

}  // namespace
}  // namespace mlbilling::test
