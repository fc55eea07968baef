#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/connection_listener.hpp"
#include "adapters/rabbitmq/options.hpp"
#include "adapters/rabbitmq/pending.hpp"
#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// Publishes with confirms, any number at once, over whatever connection there is.
class Publisher final : public ConnectionListener {
  public:
    Publisher(boost::asio::any_io_executor loop, const BrokerOptions& options)
        : loop_(std::move(loop)), options_(options) {}

    /// Makes a new connection ready to publish. Throws Unavailable.
    Async<void> take_over(std::shared_ptr<Connection> connection);

    /// Returns when the broker has said what became of it. Throws Unavailable when it does not say
    /// in time, or there is no connection; the message may have got there all the same.
    static Async<Published> publish(std::shared_ptr<Publisher> self, QueueName queue,
                                    Message message);
    /// Whether the broker takes nothing for now.
    bool is_blocked() const { return blocked_; }
    /// Whether the broker has refused all that was meant for the queue for a while.
    bool is_refusing(const QueueName& queue) const;
    /// The queue is full indeed: no doubt for another while.
    void believe(const QueueName& queue);
    /// Ends the connection, so that another takes its place.
    void begin_anew(const std::string& why);

    void returned(const std::string& queue, const std::string& message_id) override;
    void confirmed(std::uint64_t tag, bool multiple, bool taken) override;
    void blocked(bool now) override;
    void lost(const std::string& why) override;

  private:
    using Clock = std::chrono::steady_clock;
    struct Unconfirmed {
        QueueName queue;
        std::string message_id;
        std::shared_ptr<Pending<Published>> pending;
        bool returned = false;
        bool settled = false;
    };

    bool is_full() const;
    std::shared_ptr<Pending<Published>> send(QueueName queue, const Message& message);
    void settle(Unconfirmed& publish, bool taken);

    boost::asio::any_io_executor loop_;
    const BrokerOptions options_;
    std::shared_ptr<Connection> connection_;
    bool blocked_ = false;
    /// In the order of their tags, which count from 1 on every channel; the first has this one.
    std::deque<Unconfirmed> unconfirmed_;
    std::uint64_t first_tag_ = 1;
    /// Since when the broker has refused a queue's messages, until it takes one.
    std::map<QueueName, Clock::time_point> refused_since_;
};

}  // namespace mlbilling::rabbitmq
