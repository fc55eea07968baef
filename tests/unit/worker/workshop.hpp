#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/inprocess/broker.hpp"
#include "fake_ports.hpp"
#include "fake_store.hpp"
#include "protocol/messages.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"
#include "worker/worker.hpp"

namespace mlbilling::test {

/// A worker among fakes on virtual time.
class Workshop : public testing::Test {
  protected:
    Workshop() {
        options.name = "worker-1";
        options.concurrency = 4;
        store.balances[TelegramId(1)] = Credits(1000);
        spawn(broker_.declare(QueueName("replies.bot")));
        spawn(broker_.declare(QueueName("replies.other")));
        clock.drain();
    }
    ~Workshop() override { kill(); }

    void start() {
        worker = std::make_unique<Worker>(
            Worker::Dependencies{store, store, broker_, telegram, speech, codec, results, clock,
                                 random, metrics, outbox},
            options);
        boost::asio::co_spawn(
            loop, worker->run(),
            boost::asio::bind_cancellation_slot(kill_.slot(), [this](std::exception_ptr e) {
                ended = true;
                error = e;
            }));
        clock.drain();
    }
    /// The end of the process, wherever it is.
    void kill() {
        kill_.emit(boost::asio::cancellation_type::all);
        clock.drain();
    }
    void advance(std::int64_t ms) { clock.advance(Duration(ms)); }

    /// Puts the task's message into the queue, as our bot does.
    void ask(const std::string& task) {
        spawn(broker_.publish(task_queue(), task_message(store.tasks.at(TaskId(task)))));
    }
    void send(std::string body, const std::string& reply_to, const std::string& correlation) {
        Message message;
        message.body = std::move(body);
        message.message_id = correlation;
        message.correlation_id = correlation;
        message.reply_to = reply_to;
        spawn(broker_.publish(task_queue(), std::move(message)));
    }
    const TaskRecord& task(const std::string& id) { return store.tasks.at(TaskId(id)); }

    /// The next message of a queue, or nothing.
    std::optional<Message> take(const std::string& queue) {
        if (broker_.depth(QueueName(queue)) == 0) return std::nullopt;
        std::optional<Message> message;
        boost::asio::co_spawn(loop, broker_.receive(QueueName(queue)),
                              [&](std::exception_ptr, ReceivedMessage received) {
                                  message = received.message;
                                  spawn(broker_.acknowledge(received.receipt));
                              });
        clock.drain();
        return message;
    }
    std::optional<ReplyMessage> reply(const std::string& queue) {
        const auto message = take(queue);
        if (!message) return std::nullopt;
        return *parse_reply_message(message->body);
    }
    bool queue_is_done() {
        return broker_.depth(task_queue()) == 0 && broker_.unacknowledged() == 0;
    }

    template <class T>
    void spawn(Async<T> work) {
        boost::asio::co_spawn(loop, std::move(work), [](std::exception_ptr e, auto...) {
            if (e) std::rethrow_exception(e);
        });
        clock.drain();
    }

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    SeededRandom random{1};
    FakeStore store{clock};
    inprocess::InProcessBroker broker_;
    FakeTelegram telegram;
    FakeSpeech speech{clock};
    FakeCodec codec;
    FakeResults results{clock};
    FakeMetrics metrics;
    OutboxPublisher outbox{broker_, store};
    WorkerOptions options;
    std::unique_ptr<Worker> worker;
    bool ended = false;
    std::exception_ptr error;

  private:
    boost::asio::cancellation_signal kill_;
};

}  // namespace mlbilling::test
