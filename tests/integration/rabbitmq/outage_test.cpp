#include <gmock/gmock.h>

#include <set>

#include "broker_fixture.hpp"

namespace mlbilling::test {
namespace {

class RabbitmqOutage : public RabbitmqTest {
  protected:
    /// As the relay does: a queue that recovers from a crash may lose what comes too early.
    void publish_until_confirmed(const std::string& body) {
        for (;;) {
            try {
                if (publish(task_queue(), body) == Published::confirmed) return;
            } catch (const Unavailable&) {
                wait_until_usable();
            }
        }
    }
};

/// Counts how often the loop comes to it.
Async<void> tick(int* ticks) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
        timer.expires_after(std::chrono::milliseconds(10));
        co_await timer.async_wait(boost::asio::use_awaitable);
        ++*ticks;
    }
}

TEST_F(RabbitmqOutage, AFrozenBrokerNeverStopsTheLoop) {
    options.heartbeat = Duration(2'000);
    options.longest_opening = Duration(5'000);
    options.longest_answer = Duration(5'000);
    options.most_unsent_bytes = 1'000'000;
    ASSERT_TRUE(check().ok());
    int ticks = 0;
    boost::asio::co_spawn(loop, tick(&ticks), boost::asio::detached);
    const auto receiving = start(broker().receive(task_queue()));
    ASSERT_EQ(publish(dead_letter_queue(), "before"), Published::confirmed);

    server().freeze();
    // More than the sockets take between them, so that writing stops too.
    std::vector<std::shared_ptr<Running<Published>>> publishing;
    for (int i = 0; i < 500; ++i)
        publishing.push_back(
            start(broker().publish(dead_letter_queue(), message(std::string(100'000, 'x')))));
    const auto declaring = start(broker().room());
    for (const auto& one : publishing) {
        finish(one);
        EXPECT_TRUE(one->is_unavailable() || one->result == Published::full);
    }
    finish(declaring);
    EXPECT_TRUE(declaring->is_unavailable());
    finish(receiving);
    EXPECT_TRUE(receiving->is_unavailable());
    // It went round a hundred times a second for the seconds that all this took.
    EXPECT_GT(ticks, 20);

    server().thaw();
    wait_until_usable();
    EXPECT_EQ(publish(task_queue(), "after"), Published::confirmed);
    EXPECT_EQ(receive(task_queue()).message.body, "after");
}

TEST_F(RabbitmqOutage, AFrozenBrokerDoesNotHoldUpTheEnd) {
    options.longest_answer = Duration(3'600'000);
    options.longest_farewell = Duration(200);
    ASSERT_TRUE(check().ok());
    server().freeze();
    const auto publishing = start(broker().publish(dead_letter_queue(), message("in vain")));
    run(loop, broker().close());
    server().thaw();
    finish(publishing);
    ASSERT_TRUE(publishing->is_unavailable());
    // The heartbeat would have found it silent, much later.
    EXPECT_THAT(publishing->what(), testing::HasSubstr("does not answer"));
}

TEST_F(RabbitmqOutage, WhatWasConfirmedSurvivesTheBrokersDeath) {
    options.task_capacity = 1'000;
    options.longest_answer = Duration(10'000);
    // RabbitMQ 3.10.8 writes down which quorum queues it has some seconds after it made them, and
    // one that it does not remember after a kill -9 never gets a leader. That is not what is tested
    // here: so the queue has worked for a while.
    const auto made = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - made < std::chrono::seconds(8)) {
        ASSERT_EQ(publish(task_queue(), "x"), Published::confirmed);
        acknowledge(receive(task_queue()));
    }
    std::vector<std::shared_ptr<Running<Published>>> publishing;
    for (int i = 0; i < 300; ++i)
        publishing.push_back(start(broker().publish(task_queue(), message(std::to_string(i)))));
    // Somewhere in the middle of it.
    finish(publishing[100]);
    server().kill();
    std::set<std::string> confirmed;
    for (std::size_t i = 0; i < publishing.size(); ++i) {
        finish(publishing[i]);
        if (publishing[i]->result == Published::confirmed) confirmed.insert(std::to_string(i));
    }
    EXPECT_THROW(publish(task_queue(), "while it is dead"), Unavailable);
    EXPECT_THROW(receive(task_queue()), Unavailable);

    server().start();
    wait_until_usable();
    EXPECT_GE(confirmed.size(), 1U);
    publish_until_confirmed("last");
    for (;;) {
        const auto received = receive(task_queue());
        acknowledge(received);
        confirmed.erase(received.message.body);
        if (received.message.body == "last") break;
    }
    EXPECT_TRUE(confirmed.empty());
}

TEST_F(RabbitmqOutage, OneDeadAddressOfTwoDoesNoHarm) {
    auto dead = address;
    dead.port = 1;
    for (const auto& addresses : {std::vector{dead, address}, std::vector{address, dead}}) {
        connect(addresses);
        EXPECT_TRUE(check().ok());
        EXPECT_EQ(publish(task_queue(), "x"), Published::confirmed);
    }
    connect({dead, dead});
    const auto version = check();
    ASSERT_FALSE(version.ok());
    EXPECT_NE(version.error().message.find("127.0.0.1:1"), std::string::npos);
}

TEST_F(RabbitmqOutage, ABrokerShortOfMemoryIsFullAndGoesOnConsuming) {
    options.longest_answer = Duration(10'000);
    ASSERT_EQ(publish(task_queue(), "before"), Published::confirmed);
    server().control({"set_vm_memory_high_watermark", "absolute", "1MB"});
    // The broker stops reading at a publish: the first may get through, or never be confirmed.
    auto fate = start(broker().publish(dead_letter_queue(), message("first")));
    finish(fate);
    EXPECT_TRUE(fate->is_unavailable() || fate->result == Published::confirmed ||
                fate->result == Published::full);
    loop.restart();
    while (!broker().problem()) loop.run_one();
    EXPECT_EQ(*broker().problem(), "RabbitMQ is short of memory or disk");
    EXPECT_EQ(publish(dead_letter_queue(), "second"), Published::full);
    EXPECT_EQ(run(loop, broker().room()), 0);
    const auto received = receive(task_queue());
    EXPECT_EQ(received.message.body, "before");
    acknowledge(received);

    server().control({"set_vm_memory_high_watermark", "absolute", "1GB"});
    wait_until_usable();
    EXPECT_EQ(publish(task_queue(), "after"), Published::confirmed);
    EXPECT_EQ(receive(task_queue()).message.body, "after");
}

}  // namespace
}  // namespace mlbilling::test
