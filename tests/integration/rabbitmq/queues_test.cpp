#include "broker_fixture.hpp"
#include "support/cutting_proxy.hpp"

namespace mlbilling::test {

RabbitmqServer& server() {
    static RabbitmqServer server;
    return server;
}

namespace {

using RabbitmqQueues = RabbitmqTest;

TEST_F(RabbitmqQueues, AQueueDeletedUnderItsConsumerIsMadeAgain) {
    const QueueName replies("replies.bot");
    run(loop, broker().declare(replies));
    for (const auto& queue : {task_queue(), replies}) {
        const auto receiving = start(broker().receive(queue));
        ASSERT_EQ(publish(queue, "to see that it is consumed"), Published::confirmed);
        finish(receiving);
        ASSERT_TRUE(receiving->result);
        const auto waiting = start(broker().receive(queue));
        raw().remove(queue.value());
        finish(waiting);
        EXPECT_TRUE(waiting->is_unavailable());
        const auto again = start(broker().receive(queue));
        // Made again by the one who reads it; until then nothing can be published there.
        while (publish(queue, "again") != Published::confirmed) {
        }
        finish(again);
        ASSERT_TRUE(again->result);
        EXPECT_EQ(again->result->message.body, "again");
    }
}

TEST_F(RabbitmqQueues, AQueueMadeOtherwiseIsOneClearError) {
    raw().declare("tasks");
    const auto version = check();
    ASSERT_FALSE(version.ok());
    EXPECT_NE(version.error().message.find("queue tasks exists, made otherwise"), std::string::npos)
        << version.error().message;
    EXPECT_NE(version.error().message.find("rabbitmqctl delete_queue tasks"), std::string::npos);
    EXPECT_TRUE(broker().is_refused());
    EXPECT_THROW(receive(task_queue()), Unavailable);
    // The operator mends it.
    raw().remove("tasks");
    wait_until_usable();
    EXPECT_FALSE(broker().is_refused());
}

TEST_F(RabbitmqQueues, AReplyQueueMadeOtherwiseHarmsNothingElse) {
    raw().declare("replies.bot");
    EXPECT_THROW(run(loop, broker().declare(QueueName("replies.bot"))), Unavailable);
    EXPECT_EQ(publish(task_queue(), "x"), Published::confirmed);
    EXPECT_FALSE(broker().problem());
}

TEST_F(RabbitmqQueues, AWrongPasswordOrVirtualHostIsOneClearErrorWithoutThePassword) {
    auto wrong = address;
    wrong.password = "geheim";
    connect({wrong});
    EXPECT_NE(check().error().message.find("refuses user guest"), std::string::npos);
    EXPECT_EQ(check().error().message.find("geheim"), std::string::npos);
    EXPECT_TRUE(broker().is_refused());
    wrong = address;
    wrong.virtual_host = "nowhere";
    connect({wrong});
    EXPECT_NE(check().error().message.find("on virtual host nowhere"), std::string::npos);
    EXPECT_TRUE(broker().is_refused());
}

TEST_F(RabbitmqQueues, ABrokerWithTooManyConnectionsWillHaveRoomAgain) {
    server().control({"set_vhost_limits", "-p", address.virtual_host, R"({"max-connections":0})"});
    const auto version = check();
    ASSERT_FALSE(version.ok());
    EXPECT_NE(version.error().message.find("limit"), std::string::npos) << version.error().message;
    EXPECT_FALSE(broker().is_refused());
    server().control({"clear_vhost_limits", "-p", address.virtual_host});
    wait_until_usable();
}

TEST_F(RabbitmqQueues, AnUnroutableReplyIsNotConfirmedAmongManyThatAre) {
    const QueueName replies("replies.bot");
    run(loop, broker().declare(replies));
    std::vector<std::shared_ptr<Running<Published>>> publishing;
    for (int i = 0; i < 200; ++i)
        publishing.push_back(start(broker().publish(
            i % 3 == 0 ? QueueName("replies.gone") : replies, message(std::to_string(i)))));
    for (int i = 0; i < 200; ++i) {
        finish(publishing[static_cast<std::size_t>(i)]);
        EXPECT_EQ(publishing[static_cast<std::size_t>(i)]->result,
                  i % 3 == 0 ? Published::no_such_queue : Published::confirmed)
            << i;
    }
}

TEST_F(RabbitmqQueues, APoisonMessageIsBuriedByTheBroker) {
    publish(task_queue(), "poison");
    // The limit counts the redeliveries.
    for (int i = 0; i <= options.topology.delivery_limit; ++i)
        run(loop, broker().return_to_queue(receive(task_queue()).receipt));
    // Nobody is told when it is there.
    while (run(loop, broker().receive(dead_letter_queue())).message.body != "poison") {
    }
    disconnect();
    auto headers = raw().headers_of_next("tasks.dead");
    EXPECT_EQ(headers["x-first-death-reason"], "delivery_limit");
    EXPECT_EQ(headers["x-first-death-queue"], "tasks");
}

TEST_F(RabbitmqQueues, AReplyQueueIsMadeAgainAfterAReconnection) {
    CuttingProxy proxy(loop, address.port);
    auto through = address;
    through.port = proxy.port();
    connect({through});
    const QueueName replies("replies.bot");
    run(loop, broker().declare(replies));
    raw().remove(replies.value());
    proxy.cut();
    loop.restart();
    while (!broker().problem()) loop.run_one();
    wait_until_usable();
    EXPECT_EQ(publish(replies, "x"), Published::confirmed);
    disconnect();
}

TEST_F(RabbitmqQueues, AReplyQueueGoesSomeTimeAfterItsOwner) {
    options.topology.reply_queue_expiry = Duration(1'000);
    const QueueName replies("replies.bot");
    run(loop, broker().declare(replies));
    ASSERT_EQ(publish(replies, "x"), Published::confirmed);
    while (publish(replies, "x") != Published::no_such_queue) {
    }
}

TEST_F(RabbitmqQueues, AMessageTooLargeToReadIsBuriedAndBlocksNothing) {
    ASSERT_TRUE(check().ok());
    const auto waiting = start(broker().receive(task_queue()));
    raw().publish("tasks", std::string(5'000'000, 'x'));
    // Only its envelope is read.
    EXPECT_EQ(receive(dead_letter_queue()).message.body, "");
    ASSERT_EQ(publish(task_queue(), "after"), Published::confirmed);
    finish(waiting);
    EXPECT_EQ(waiting->result->message.body, "after");
    disconnect();
    auto headers = raw().headers_of_next("tasks.dead");
    EXPECT_EQ(headers["x-first-death-reason"], "rejected");
}

TEST_F(RabbitmqQueues, WhatIsAcknowledgedBeforeTheCloseNeverComesAgain) {
    // A quorum queue takes 32 acknowledgements at a time; what waits behind them in the broker's
    // own client is lost with the connection, and its message comes again.
    constexpr int at_once = 20;
    for (int i = 0; i < at_once; ++i) publish(task_queue(), std::to_string(i));
    for (int i = 0; i < at_once; ++i) acknowledge(receive(task_queue()));
    run(loop, broker().close());
    EXPECT_THROW(publish(task_queue(), "x"), Unavailable);
    EXPECT_THROW(receive(task_queue()), Unavailable);
    connect({address});
    publish(task_queue(), "next");
    EXPECT_EQ(receive(task_queue()).message.body, "next");
}

TEST_F(RabbitmqQueues, WhatNobodyWaitsForAnyMoreGoesToOthers) {
    publish(task_queue(), "x");
    boost::asio::cancellation_signal cancel;
    bool ended = false;
    // It takes the first message, and more are sent ahead to it.
    acknowledge(receive(task_queue()));
    boost::asio::co_spawn(
        loop, broker().receive(task_queue()),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr, ReceivedMessage) { ended = true; }));
    (void)run(loop, broker().room());
    cancel.emit(boost::asio::cancellation_type::all);
    loop.restart();
    while (!ended) loop.run_one();
    publish(task_queue(), "y");
    rabbitmq::RabbitmqBroker other(loop.get_executor(), {address}, options, random);
    EXPECT_EQ(run(loop, other.receive(task_queue())).message.body, "y");
}

}  // namespace
}  // namespace mlbilling::test
