#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "base/unavailable.hpp"
#include "raw_client.hpp"
#include "support/rabbitmq_server.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::test {

/// One node for the whole program.
RabbitmqServer& server();

/// A coroutine whose end the test waits for, or not.
template <class T>
struct Running {
    std::optional<T> result;
    std::exception_ptr error;
    bool ended() const { return result || error; }
    std::string what() const {
        try {
            if (error) std::rethrow_exception(error);
        } catch (const std::exception& thrown) {
            return thrown.what();
        }
        return {};
    }
    bool is_unavailable() const {
        try {
            if (error) std::rethrow_exception(error);
        } catch (const Unavailable&) {
            return true;
        }
        return false;
    }
};

/// The adapter in a virtual host of its own; a machine that is busy with other tests takes its time
/// over an answer.
class RabbitmqTest : public testing::Test {
  protected:
    RabbitmqTest() {
        options.longest_opening = Duration(30'000);
        options.longest_answer = Duration(60'000);
        options.depth_when_full = options.depth_when_empty = Duration(0);
        options.topology.delivery_limit = 2;
        address.host = "127.0.0.1";
        address.port = server().port();
        address.virtual_host = server().new_virtual_host();
    }

    /// Made by the first test that needs it, when it has set its options.
    rabbitmq::RabbitmqBroker& broker() {
        if (!broker_) connect({address});
        return *broker_;
    }
    void connect(std::vector<rabbitmq::Address> addresses) {
        broker_ = std::make_unique<rabbitmq::RabbitmqBroker>(loop.get_executor(),
                                                             std::move(addresses), options, random);
    }
    void disconnect() { broker_.reset(); }
    RawClient raw() { return {address.port, address.virtual_host}; }

    Result<std::string> check() { return run(loop, broker().check()); }
    /// Waits until it is connected, however often that fails before.
    void wait_until_usable() {
        loop.restart();
        while (broker().problem()) loop.run_one();
    }
    Published publish(const QueueName& queue, std::string body) {
        return run(loop, broker().publish(queue, message(std::move(body))));
    }
    ReceivedMessage receive(const QueueName& queue) { return run(loop, broker().receive(queue)); }
    void acknowledge(const ReceivedMessage& message) {
        run(loop, broker().acknowledge(message.receipt));
    }
    static Message message(std::string body) {
        Message message;
        message.message_id = message.correlation_id = "1_" + body.substr(0, 10);
        message.body = std::move(body);
        return message;
    }

    template <class T>
    std::shared_ptr<Running<T>> start(Async<T> work) {
        auto running = std::make_shared<Running<T>>();
        boost::asio::co_spawn(loop, keep(running->result, std::move(work)),
                              [running](std::exception_ptr error) { running->error = error; });
        return running;
    }
    template <class T>
    void finish(const std::shared_ptr<Running<T>>& running) {
        loop.restart();
        while (!running->ended() && loop.run_one() > 0) {
        }
    }

    boost::asio::io_context loop;
    SeededRandom random{1};
    rabbitmq::Address address;
    rabbitmq::BrokerOptions options;

  private:
    std::unique_ptr<rabbitmq::RabbitmqBroker> broker_;
};

}  // namespace mlbilling::test
