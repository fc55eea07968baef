#include "adapters/rabbitmq/consumer.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/channels.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace mlbilling::rabbitmq {

namespace asio = boost::asio;

/// A place in the queue of those who wait; left with the frame of receive(), however that ends. A
/// message that was handed over but not taken stays for the next one.
class Consumer::Waiting {
  public:
    Waiting(std::shared_ptr<Consumer> consumer, QueueName queue)
        : consumer_(std::move(consumer)),
          queue_(std::move(queue)),
          waiter_(std::make_shared<Pending<ReceivedMessage>>(consumer_->loop_)) {
        subscription().waiters.push_back(waiter_);
    }
    ~Waiting() {
        auto& subscription = this->subscription();
        subscription.waiters.remove(waiter_);
        // Unless its connection is gone, and the broker gives it out again.
        if (auto message = waiter_->take(); message && consumer_->out_.contains(message->receipt)) {
            subscription.ready.push_front(*std::move(message));
            consumer_->hand_out(subscription);
        }
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    Subscription& subscription() { return consumer_->subscriptions_[queue_]; }
    const Waiter& waiter() const { return waiter_; }

  private:
    std::shared_ptr<Consumer> consumer_;
    QueueName queue_;
    Waiter waiter_;
};

Async<void> Consumer::take_over(std::shared_ptr<Connection> connection) {
    const amqp_channel_open_t open{};
    co_await connection->call(consuming_channel, AMQP_CHANNEL_OPEN_METHOD, open,
                              AMQP_CHANNEL_OPEN_OK_METHOD);
    co_await topology_.restore(connection);
    connection_ = std::move(connection);
}

Async<ReceivedMessage> Consumer::receive(std::shared_ptr<Consumer> self, QueueName queue) {
    if (!self->connection_) throw Unavailable("there is no connection to RabbitMQ");
    bool cancelled = false;
    {
        Waiting waiting(self, queue);
        self->start_reading(queue, waiting.subscription());
        self->hand_out(waiting.subscription());
        try {
            co_return co_await Pending<ReceivedMessage>::wait(waiting.waiter());
        } catch (const boost::system::system_error&) {
            cancelled = true;
        }
    }
    CHECK(cancelled);
    // Nobody here wants its messages any more: others may have them.
    auto& subscription = self->subscriptions_[queue];
    if (subscription.waiters.empty()) self->stop_reading(subscription);
    throw boost::system::system_error(asio::error::operation_aborted);
}

void Consumer::start_reading(const QueueName& queue, Subscription& subscription) {
    if (subscription.state != Subscription::State::idle) return;
    subscription.state = Subscription::State::starting;
    subscription.consumer = std::to_string(next_consumer_++);
    asio::co_spawn(loop_, start(shared_from_this(), queue), [](const std::exception_ptr& error) {
        // A subscription that nobody starts would wait for ever.
        CHECK(!error);
    });
}

Async<void> Consumer::start(std::shared_ptr<Consumer> self, QueueName queue) {
    const auto consumer = self->subscriptions_[queue].consumer;
    const auto connection = self->connection_;
    std::string failure = "there is no connection to RabbitMQ";
    try {
        if (connection) {
            co_await self->topology_.ensure(queue);
            co_await self->consume(connection, queue, consumer);
            co_return;
        }
    } catch (const std::exception& error) {
        failure = error.what();
    }
    self->failed_to_start(queue, consumer, failure);
}

Async<void> Consumer::consume(std::shared_ptr<Connection> connection, QueueName queue,
                              std::string consumer) {
    auto& subscription = subscriptions_[queue];
    // Whoever wanted it may be gone by now, or the connection.
    if (subscription.consumer != consumer || connection != connection_) co_return;
    subscription.state = Subscription::State::active;
    amqp_basic_qos_t qos{};
    const int prefetch = queue == task_queue() ? options_.task_prefetch : options_.other_prefetch;
    qos.prefetch_count = static_cast<std::uint16_t>(std::clamp(prefetch, 1, 65'535));
    amqp_basic_consume_t consume{};
    consume.queue = bytes(queue.value());
    consume.consumer_tag = bytes(consumer);
    // Both leave at once: no consumer of another queue gets this one's prefetch.
    auto limited =
        connection->call(consuming_channel, AMQP_BASIC_QOS_METHOD, qos, AMQP_BASIC_QOS_OK_METHOD);
    auto started = connection->call(consuming_channel, AMQP_BASIC_CONSUME_METHOD, consume,
                                    AMQP_BASIC_CONSUME_OK_METHOD);
    const auto limits = co_await std::move(limited);
    const auto start = limits.is(AMQP_BASIC_QOS_OK_METHOD) ? co_await std::move(started) : limits;
    // The channel is gone, and with it all that is out on it.
    if (!start.is(AMQP_BASIC_CONSUME_OK_METHOD))
        connection->end("queue " + queue.value() + ": " + start.text);
}

void Consumer::failed_to_start(const QueueName& queue, const std::string& consumer,
                               const std::string& why) {
    auto& subscription = subscriptions_[queue];
    if (subscription.consumer != consumer) return;
    subscription.state = Subscription::State::idle;
    subscription.consumer.clear();
    for (auto& waiter : std::exchange(subscription.waiters, {})) waiter->fail(why);
}

void Consumer::stop_reading(Subscription& subscription) {
    if (subscription.state == Subscription::State::active && connection_) {
        amqp_basic_cancel_t cancel{};
        cancel.consumer_tag = bytes(subscription.consumer);
        cancel.nowait = 1;
        connection_->send(consuming_channel, AMQP_BASIC_CANCEL_METHOD, cancel);
    }
    subscription.state = Subscription::State::idle;
    subscription.consumer.clear();
    for (const auto& message : std::exchange(subscription.ready, {})) put_back(message.receipt);
}

void Consumer::acknowledge(std::uint64_t receipt) {
    const auto found = out_.find(receipt);
    if (found == out_.end()) return;
    acknowledgements_.acknowledge(found->second.tag);
    out_.erase(found);
    connection_->send_soon();
}

void Consumer::put_back(std::uint64_t receipt) {
    const auto found = out_.find(receipt);
    if (found == out_.end()) return;
    const auto tag = found->second.tag;
    out_.erase(found);
    give_back(tag);
}

std::optional<Message> Consumer::find(std::uint64_t receipt) const {
    const auto found = out_.find(receipt);
    if (found == out_.end()) return std::nullopt;
    return found->second.message;
}

void Consumer::give_back(std::uint64_t tag) {
    acknowledgements_.settled(tag);
    amqp_basic_nack_t nack{};
    nack.delivery_tag = tag;
    nack.requeue = 1;
    connection_->send(consuming_channel, AMQP_BASIC_NACK_METHOD, nack);
}

void Consumer::delivered(Delivery delivery) {
    acknowledgements_.delivered(delivery.tag);
    const auto found = std::ranges::find_if(subscriptions_, [&](const auto& entry) {
        return entry.second.consumer == delivery.consumer;
    });
    // It was on its way when its consumer was stopped.
    if (found == subscriptions_.end()) return give_back(delivery.tag);
    if (!delivery.message && found->first == task_queue()) return refuse(delivery.tag);
    // Elsewhere the broker would drop what is refused.
    if (!delivery.message) delivery.message.emplace();
    const auto receipt = next_receipt_++;
    out_.emplace(receipt, Out{delivery.tag, *delivery.message});
    found->second.ready.push_back({*std::move(delivery.message), receipt, delivery.redelivered});
    hand_out(found->second);
}

void Consumer::refuse(std::uint64_t tag) {
    log::warning("task message too large: the broker makes it a dead letter");
    acknowledgements_.settled(tag);
    amqp_basic_reject_t reject{};
    reject.delivery_tag = tag;
    connection_->send(consuming_channel, AMQP_BASIC_REJECT_METHOD, reject);
}

void Consumer::hand_out(Subscription& subscription) {
    while (!subscription.ready.empty() && !subscription.waiters.empty()) {
        auto waiter = std::move(subscription.waiters.front());
        subscription.waiters.pop_front();
        waiter->resolve(std::move(subscription.ready.front()));
        subscription.ready.pop_front();
    }
}

void Consumer::consumer_cancelled(const std::string& consumer) {
    for (auto& [queue, subscription] : subscriptions_)
        if (subscription.consumer == consumer)
            return failed_to_start(queue, consumer,
                                   "RabbitMQ stopped the consumer of queue " + queue.value());
}

void Consumer::before_sending() {
    for (const auto& said : acknowledgements_.take()) {
        amqp_basic_ack_t ack{};
        ack.delivery_tag = said.tag;
        ack.multiple = said.multiple ? 1 : 0;
        connection_->send(consuming_channel, AMQP_BASIC_ACK_METHOD, ack);
    }
}

void Consumer::lost(const std::string& why) {
    connection_.reset();
    topology_.lost();
    out_.clear();
    acknowledgements_.clear();
    for (auto& [queue, subscription] : subscriptions_) {
        subscription.state = Subscription::State::idle;
        subscription.consumer.clear();
        subscription.ready.clear();
        for (auto& waiter : std::exchange(subscription.waiters, {})) waiter->fail(why);
    }
}

}  // namespace mlbilling::rabbitmq
