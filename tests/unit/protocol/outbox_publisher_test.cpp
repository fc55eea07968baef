#include "protocol/outbox_publisher.hpp"

#include <gmock/gmock.h>

#include <map>

#include "base/unavailable.hpp"
#include "protocol/messages.hpp"
#include "support/run.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Answers each publish from a script by the message's id, else confirms.
class ScriptedBroker final : public Broker {
  public:
    std::map<std::string, std::vector<Published>> answers;
    std::vector<std::string> published;
    std::vector<std::string> declared;
    std::string down_for;

    Async<void> declare(QueueName queue) override {
        declared.push_back(queue.value());
        co_return;
    }
    Async<Published> publish(QueueName queue, Message message) override {
        if (message.message_id == down_for) throw Unavailable("broker is down");
        published.push_back(queue.value() + ' ' + message.message_id + ' ' + message.reply_to);
        auto& script = answers[message.message_id];
        if (script.empty()) co_return Published::confirmed;
        const auto answer = script.front();
        script.erase(script.begin());
        co_return answer;
    }
    Async<int> room() override { co_return 10; }
    Async<ReceivedMessage> receive(QueueName) override {
        throw std::logic_error("not the publisher's");
    }
    Async<void> acknowledge(std::uint64_t) override { co_return; }
    Async<void> return_to_queue(std::uint64_t) override { co_return; }
    Async<void> reject(std::uint64_t, std::string) override { co_return; }
};

class RecordingUpkeep final : public UpkeepStore {
  public:
    std::vector<std::int64_t> done;
    std::vector<std::int64_t> again;
    bool down = false;

    Async<std::vector<OutboxRecord>> take_outbox(int, Duration) override {
        throw std::logic_error("not the publisher's");
    }
    Async<void> published(std::vector<OutboxId> ids) override {
        if (down) throw Unavailable("store is down");
        for (const auto id : ids) done.push_back(id.value());
        co_return;
    }
    Async<void> not_published(std::vector<OutboxId> ids) override {
        if (down) throw Unavailable("store is down");
        for (const auto id : ids) again.push_back(id.value());
        co_return;
    }
    Async<SweepReport> sweep(SweepPolicy) override {
        throw std::logic_error("not the publisher's");
    }
};

class OutboxPublisherTest : public testing::Test {
  protected:
    static OutboxRecord record(std::int64_t id, OutboxRecord::Kind kind,
                               const std::string& reply_to) {
        OutboxRecord row;
        row.id = OutboxId(id);
        row.kind = kind;
        row.task.id = TaskId("1_" + std::to_string(id));
        row.task.status =
            kind == OutboxRecord::Kind::task ? TaskStatus::created : TaskStatus::completed;
        row.task.payload.data = "hi";
        row.task.reply_to = reply_to;
        return row;
    }
    static OutboxRecord task(std::int64_t id) {
        return record(id, OutboxRecord::Kind::task, "replies.a");
    }
    static OutboxRecord reply(std::int64_t id, const std::string& to = "replies.a") {
        return record(id, OutboxRecord::Kind::reply, to);
    }

    boost::asio::io_context loop;
    ScriptedBroker broker;
    RecordingUpkeep store;
    OutboxPublisher publisher{broker, store};
};

TEST_F(OutboxPublisherTest, AConfirmedTaskIsMarkedAndCarriesItsReplyQueue) {
    run(loop, publisher.publish(task(1)));
    EXPECT_THAT(broker.published, ElementsAre("tasks 1_1 replies.a"));
    EXPECT_THAT(store.done, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, AReplyGoesToItsQueue) {
    run(loop, publisher.publish(reply(1)));
    EXPECT_THAT(broker.published, ElementsAre("replies.a 1_1 "));
    EXPECT_THAT(store.done, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, ATaskThatFindsNoRoomIsDueAgainAtOnce) {
    broker.answers["1_1"] = {Published::full};
    run(loop, publisher.publish(task(1)));
    EXPECT_THAT(store.done, IsEmpty());
    EXPECT_THAT(store.again, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, AReplyThatFindsNoRoomWaitsUntilItsClaimRunsOut) {
    broker.answers["1_1"] = {Published::full};
    run(loop, publisher.publish(reply(1)));
    EXPECT_THAT(store.done, IsEmpty());
    EXPECT_THAT(store.again, IsEmpty());
}

TEST_F(OutboxPublisherTest, AReplyWhoseQueueIsGoneIsDroppedAfterATry) {
    broker.answers["1_1"] = {Published::no_such_queue};
    run(loop, publisher.publish(reply(1)));
    EXPECT_EQ(broker.published.size(), 1U);
    EXPECT_THAT(store.done, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, AReplyIsNeverPublishedIntoTheTaskQueue) {
    run(loop, publisher.publish(reply(1, "tasks")));
    EXPECT_THAT(broker.published, IsEmpty());
    EXPECT_THAT(store.done, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, AMissingTaskQueueIsMadeAgain) {
    broker.answers["1_1"] = {Published::no_such_queue};
    run(loop, publisher.publish(task(1)));
    EXPECT_THAT(broker.declared, ElementsAre("tasks"));
    EXPECT_THAT(store.done, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, ABrokerThatIsDownLeavesTheRowToTheRelayAtOnce) {
    broker.down_for = "1_1";
    run(loop, publisher.publish(task(1)));
    EXPECT_THAT(store.done, IsEmpty());
    EXPECT_THAT(store.again, ElementsAre(1));
}

TEST_F(OutboxPublisherTest, AStoreThatIsDownAfterTheConfirmHarmsNothing) {
    store.down = true;
    run(loop, publisher.publish(task(1)));
    EXPECT_EQ(broker.published.size(), 1U);
}

TEST_F(OutboxPublisherTest, ABatchMarksWhatWasConfirmedEvenIfTheBrokerFailsInBetween) {
    broker.down_for = "1_2";
    broker.answers["1_3"] = {Published::full};
    EXPECT_THROW(run(loop, publisher.publish_all({task(1), task(2), task(3), task(4)})),
                 Unavailable);
    EXPECT_THAT(store.done, ElementsAre(1, 4));
    EXPECT_THAT(store.again, ElementsAre(2, 3));
}

TEST_F(OutboxPublisherTest, ABatchSaysHowManyAreDone) {
    broker.answers["1_2"] = {Published::full};
    EXPECT_EQ(run(loop, publisher.publish_all({task(1), task(2), reply(3)})), 2);
    EXPECT_EQ(run(loop, publisher.publish_all({})), 0);
}

TEST_F(OutboxPublisherTest, AMessageAlreadyInHandIsMarkedUnpublished) {
    run(loop, publisher.discard(task(1)));
    EXPECT_THAT(broker.published, IsEmpty());
    EXPECT_THAT(store.done, ElementsAre(1));
}

}  // namespace
}  // namespace mlbilling::test
