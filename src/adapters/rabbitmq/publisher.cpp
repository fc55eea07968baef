#include "adapters/rabbitmq/publisher.hpp"

#include <algorithm>
#include <utility>

#include "adapters/rabbitmq/channels.hpp"
#include "adapters/rabbitmq/properties.hpp"
#include "adapters/rabbitmq/refused.hpp"
#include "base/log.hpp"

namespace mlbilling::rabbitmq {
namespace {

// A short string on the wire: no queue has a longer name.
constexpr std::size_t longest_queue_name = 255;

}  // namespace

Async<void> Publisher::take_over(std::shared_ptr<Connection> connection) {
    const amqp_channel_open_t open{};
    co_await connection->call(publishing_channel, AMQP_CHANNEL_OPEN_METHOD, open,
                              AMQP_CHANNEL_OPEN_OK_METHOD);
    const amqp_confirm_select_t select{};
    const auto answer = co_await connection->call(publishing_channel, AMQP_CONFIRM_SELECT_METHOD,
                                                  select, AMQP_CONFIRM_SELECT_OK_METHOD);
    if (!answer.is(AMQP_CONFIRM_SELECT_OK_METHOD)) throw Refused("no confirms: " + answer.text);
    connection_ = std::move(connection);
}

Async<Published> Publisher::publish(std::shared_ptr<Publisher> self, QueueName queue,
                                    Message message) {
    if (queue.value().empty() || queue.value().size() > longest_queue_name)
        co_return Published::no_such_queue;
    if (!self->connection_) throw Unavailable("there is no connection to RabbitMQ");
    if (self->is_full()) co_return Published::full;
    const auto connection = self->connection_;
    const auto pending = self->send(std::move(queue), message);
    try {
        co_return co_await Pending<Published>::wait(pending);
    } catch (const Unavailable&) {
        // A quorum queue that lost one message of a channel, as happens while it recovers from a
        // crash, holds back all that follow it there: only another channel goes on.
        if (!pending->ended() && !self->blocked_) connection->end("RabbitMQ confirms nothing");
        throw;
    }
}

bool Publisher::is_full() const {
    return blocked_ || unconfirmed_.size() >= options_.most_unconfirmed ||
           connection_->unsent_bytes() >= options_.most_unsent_bytes;
}

std::shared_ptr<Pending<Published>> Publisher::send(QueueName queue, const Message& message) {
    const Properties properties(message);
    connection_->publish(publishing_channel, queue.value(), properties.raw(), message.body);
    auto pending = std::make_shared<Pending<Published>>(loop_, options_.longest_answer);
    unconfirmed_.push_back({std::move(queue), message.message_id, pending});
    return pending;
}

void Publisher::returned(const std::string& queue, const std::string& message_id) {
    // The broker names no tag. Of two equal messages to the same queue it does not matter which.
    const auto found = std::ranges::find_if(unconfirmed_, [&](const Unconfirmed& publish) {
        return !publish.settled && !publish.returned && publish.queue.value() == queue &&
               publish.message_id == message_id;
    });
    if (found != unconfirmed_.end()) found->returned = true;
}

void Publisher::confirmed(std::uint64_t tag, bool multiple, bool taken) {
    if (tag < first_tag_ || tag - first_tag_ >= unconfirmed_.size()) return;
    const auto place = static_cast<std::size_t>(tag - first_tag_);
    for (auto i = multiple ? 0 : place; i <= place; ++i) settle(unconfirmed_[i], taken);
    while (!unconfirmed_.empty() && unconfirmed_.front().settled) {
        unconfirmed_.pop_front();
        ++first_tag_;
    }
}

void Publisher::settle(Unconfirmed& publish, bool taken) {
    if (std::exchange(publish.settled, true)) return;
    if (taken)
        refused_since_.erase(publish.queue);
    else
        refused_since_.try_emplace(publish.queue, Clock::now());
    const auto fate = publish.returned ? Published::no_such_queue : Published::confirmed;
    publish.pending->resolve(taken ? fate : Published::full);
}

bool Publisher::is_refusing(const QueueName& queue) const {
    const auto found = refused_since_.find(queue);
    return found != refused_since_.end() &&
           Clock::now() - found->second > options_.doubt_refusals_after;
}

void Publisher::believe(const QueueName& queue) {
    const auto found = refused_since_.find(queue);
    if (found != refused_since_.end()) found->second = Clock::now();
}

void Publisher::begin_anew(const std::string& why) {
    // Told by it, lost() lets go of it.
    if (const auto connection = connection_) connection->end(why);
}

void Publisher::blocked(bool now) {
    blocked_ = now;
    if (now)
        log::warning("broker takes no messages: it is short of memory or disk");
    else
        log::info("broker takes messages again");
}

void Publisher::lost(const std::string& why) {
    connection_.reset();
    blocked_ = false;
    first_tag_ = 1;
    refused_since_.clear();
    for (auto& publish : std::exchange(unconfirmed_, {})) publish.pending->fail(why);
}

}  // namespace mlbilling::rabbitmq
