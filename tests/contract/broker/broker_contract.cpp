#include "broker_contract.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "base/unavailable.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

namespace asio = boost::asio;

struct BrokerContract::Receiving {
    std::optional<ReceivedMessage> message;
    std::exception_ptr error;
    asio::cancellation_signal cancel;

    bool ended() const { return message || error; }
};

Published BrokerContract::publish(const QueueName& queue, std::string body) {
    Message message;
    message.body = std::move(body);
    return run(harness_->loop(), harness_->broker().publish(queue, std::move(message)));
}

ReceivedMessage BrokerContract::receive(const QueueName& queue) {
    return run(harness_->loop(), harness_->broker().receive(queue));
}

bool BrokerContract::is_empty(const QueueName& queue) {
    EXPECT_EQ(publish(queue, "the last one"), Published::confirmed);
    const auto next = receive(queue);
    acknowledge(next);
    return next.message.body == "the last one";
}

void BrokerContract::acknowledge(const ReceivedMessage& message) {
    run(harness_->loop(), harness_->broker().acknowledge(message.receipt));
}

std::shared_ptr<BrokerContract::Receiving> BrokerContract::start_receiving(const QueueName& queue) {
    auto receiving = std::make_shared<Receiving>();
    asio::co_spawn(harness_->loop(), harness_->broker().receive(queue),
                   asio::bind_cancellation_slot(
                       receiving->cancel.slot(),
                       [receiving](std::exception_ptr error, ReceivedMessage message) {
                           receiving->error = error;
                           if (!error) receiving->message = std::move(message);
                       }));
    return receiving;
}

void BrokerContract::finish(const std::shared_ptr<Receiving>& receiving) {
    harness_->loop().restart();
    while (!receiving->ended() && harness_->loop().run_one() > 0) {
    }
}

TEST_P(BrokerContract, AMessageArrivesWhole) {
    Message sent;
    sent.body = std::string("{\"text\":\"Привет\"}\0x", 21);
    sent.message_id = "1_2";
    sent.correlation_id = "1_2";
    sent.reply_to = "replies.a";
    sent.headers = {{"x-a", "b"}};
    run(harness_->loop(), harness_->broker().publish(task_queue(), sent));
    const auto received = receive(task_queue());
    EXPECT_EQ(received.message.body, sent.body);
    EXPECT_EQ(received.message.message_id, sent.message_id);
    EXPECT_EQ(received.message.correlation_id, sent.correlation_id);
    EXPECT_EQ(received.message.reply_to, sent.reply_to);
    EXPECT_EQ(received.message.headers, sent.headers);
    EXPECT_FALSE(received.redelivered);
    acknowledge(received);
}

TEST_P(BrokerContract, MessagesComeInTheOrderOfPublishing) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(publish(task_queue(), std::to_string(i)), Published::confirmed);
    for (int i = 0; i < 10; ++i) {
        const auto received = receive(task_queue());
        EXPECT_EQ(received.message.body, std::to_string(i));
        acknowledge(received);
    }
    EXPECT_TRUE(is_empty(task_queue()));
}

TEST_P(BrokerContract, AWaitingReceiverIsWokenByAMessage) {
    const auto receiving = start_receiving(task_queue());
    harness_->settle();
    ASSERT_FALSE(receiving->ended());
    publish(task_queue(), "x");
    finish(receiving);
    ASSERT_TRUE(receiving->message);
    EXPECT_EQ(receiving->message->message.body, "x");
    acknowledge(*receiving->message);
}

TEST_P(BrokerContract, EachMessageGoesToOneOfManyReceivers) {
    std::vector<std::shared_ptr<Receiving>> receivers;
    for (int i = 0; i < 3; ++i) receivers.push_back(start_receiving(task_queue()));
    harness_->settle();
    for (int i = 0; i < 3; ++i) publish(task_queue(), std::to_string(i));
    std::vector<std::string> bodies;
    for (const auto& receiver : receivers) {
        finish(receiver);
        ASSERT_TRUE(receiver->message);
        bodies.push_back(receiver->message->message.body);
        acknowledge(*receiver->message);
    }
    EXPECT_THAT(bodies, testing::UnorderedElementsAre("0", "1", "2"));
}

TEST_P(BrokerContract, CancellingAWaitingReceiverLosesNothing) {
    const auto cancelled = start_receiving(task_queue());
    harness_->settle();
    publish(task_queue(), "x");
    cancelled->cancel.emit(asio::cancellation_type::all);
    finish(cancelled);
    if (cancelled->message) {
        // It was too late to cancel: then the message is the receiver's, and goes back the usual
        // way.
        run(harness_->loop(), harness_->broker().return_to_queue(cancelled->message->receipt));
    }
    EXPECT_EQ(receive(task_queue()).message.body, "x");
}

TEST_P(BrokerContract, ACancelledReceiverTakesNoLaterMessage) {
    const auto cancelled = start_receiving(task_queue());
    harness_->settle();
    cancelled->cancel.emit(asio::cancellation_type::all);
    finish(cancelled);
    ASSERT_TRUE(cancelled->error);
    publish(task_queue(), "x");
    EXPECT_EQ(receive(task_queue()).message.body, "x");
}

TEST_P(BrokerContract, AnAcknowledgedMessageNeverComesAgain) {
    publish(task_queue(), "x");
    acknowledge(receive(task_queue()));
    harness_->break_connections();
    EXPECT_TRUE(is_empty(task_queue()));
}

TEST_P(BrokerContract, AReturnedMessageComesAgain) {
    publish(task_queue(), "first");
    publish(task_queue(), "second");
    const auto first = receive(task_queue());
    EXPECT_EQ(first.message.body, "first");
    run(harness_->loop(), harness_->broker().return_to_queue(first.receipt));
    // A broker that has sent the second on its way already lets it come first.
    std::vector<std::string> bodies;
    for (int i = 0; i < 2; ++i) {
        const auto received = receive(task_queue());
        if (received.message.body == "first") EXPECT_TRUE(received.redelivered);
        bodies.push_back(received.message.body);
        acknowledge(received);
    }
    EXPECT_THAT(bodies, testing::UnorderedElementsAre("first", "second"));
}

TEST_P(BrokerContract, UnacknowledgedMessagesOfABrokenConnectionComeAgainInOrder) {
    for (int i = 0; i < 3; ++i) publish(task_queue(), std::to_string(i));
    for (int i = 0; i < 2; ++i) (void)receive(task_queue());
    harness_->break_connections();
    for (int i = 0; i < 3; ++i) {
        const auto received = receive(task_queue());
        EXPECT_EQ(received.message.body, std::to_string(i));
        if (i < 2) EXPECT_TRUE(received.redelivered);
        acknowledge(received);
    }
}

TEST_P(BrokerContract, AReceiptOfABrokenConnectionMeansNothing) {
    publish(task_queue(), "x");
    const auto first = receive(task_queue());
    harness_->break_connections();
    acknowledge(first);
    EXPECT_EQ(receive(task_queue()).message.body, "x");
}

TEST_P(BrokerContract, AMessageThatIsNeverAcknowledgedEndsInTheDeadLetters) {
    publish(task_queue(), "poison");
    for (int i = 0; i <= harness_->most_redeliveries(); ++i) {
        EXPECT_EQ(receive(task_queue()).message.body, "poison");
        harness_->break_connections();
    }
    EXPECT_TRUE(is_empty(task_queue()));
    const auto dead = receive(dead_letter_queue());
    EXPECT_EQ(dead.message.body, "poison");
    EXPECT_FALSE(dead.message.headers.at("x-reason").empty());
}

TEST_P(BrokerContract, ARejectedMessageGoesToTheDeadLettersWithTheReason) {
    publish(task_queue(), "not json");
    const auto received = receive(task_queue());
    run(harness_->loop(),
        harness_->broker().reject(received.receipt, "the message is not a JSON object"));
    const auto dead = receive(dead_letter_queue());
    EXPECT_EQ(dead.message.body, "not json");
    EXPECT_EQ(dead.message.headers.at("x-reason"), "the message is not a JSON object");
    EXPECT_TRUE(is_empty(task_queue()));
}

TEST_P(BrokerContract, AFullQueueSaysSoAndTakesAgainWhenThereIsRoom) {
    const auto room = [this] { return run(harness_->loop(), harness_->broker().room()); };
    EXPECT_EQ(room(), harness_->task_capacity());
    for (int i = 0; i < harness_->task_capacity(); ++i)
        ASSERT_EQ(publish(task_queue(), "x"), Published::confirmed);
    EXPECT_EQ(room(), 0);
    EXPECT_EQ(publish(task_queue(), "one too many"), Published::full);
    acknowledge(receive(task_queue()));
    // A broker that sends messages ahead has more.
    EXPECT_GE(room(), 1);
    EXPECT_EQ(publish(task_queue(), "x"), Published::confirmed);
}

TEST_P(BrokerContract, AReplyQueueExistsOnceItIsDeclared) {
    const QueueName replies("replies.contract");
    EXPECT_EQ(publish(replies, "x"), Published::no_such_queue);
    run(harness_->loop(), harness_->broker().declare(replies));
    EXPECT_EQ(publish(replies, "x"), Published::confirmed);
    run(harness_->loop(), harness_->broker().declare(replies));
    EXPECT_EQ(receive(replies).message.body, "x");
    EXPECT_TRUE(is_empty(task_queue()));
}

TEST_P(BrokerContract, ReceivingFromAQueueThatDoesNotExistIsUnavailable) {
    EXPECT_THROW((void)receive(QueueName("nobody.declared.it")), Unavailable);
}

}  // namespace mlbilling::test
