#include "adapters/rabbitmq/topology.hpp"

#include <utility>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/channels.hpp"
#include "adapters/rabbitmq/refused.hpp"
#include "adapters/rabbitmq/version.hpp"

namespace mlbilling::rabbitmq {
namespace {

// More than anybody hands back: without a number of ours, 4.x drops a dead letter after 20.
constexpr std::int64_t unlimited = 1'000'000'000;

// Arguments that mean the same from 3.10 to 4.x, so that a queue survives an upgrade of the broker:
// it may not be declared otherwise later (reliability.md 1.1).
Table task_arguments(const TopologyOptions& options) {
    return std::move(Table()
                         .text("x-queue-type", "quorum")
                         .number("x-delivery-limit", options.delivery_limit)
                         .text("x-dead-letter-exchange", "")
                         .text("x-dead-letter-routing-key", "tasks.dead")
                         .text("x-dead-letter-strategy", "at-least-once")
                         .text("x-overflow", "reject-publish")
                         .number("x-max-length", options.most_tasks)
                         .number("x-consumer-timeout", options.longest_delivery.count()));
}

Table dead_letter_arguments(const TopologyOptions& options) {
    return std::move(Table()
                         .text("x-queue-type", "quorum")
                         .number("x-delivery-limit", unlimited)
                         .text("x-overflow", "reject-publish")
                         .number("x-max-length", options.most_dead_letters));
}

// A classic queue hands a reply on without waiting for the disk; what is lost with it the delivery
// sweep finds.
Table reply_arguments(const TopologyOptions& options) {
    return std::move(Table()
                         .text("x-queue-type", "classic")
                         .number("x-expires", options.reply_queue_expiry.count())
                         .text("x-overflow", "reject-publish")
                         .number("x-max-length", options.most_replies));
}

Table arguments_of(const QueueName& queue, const TopologyOptions& options) {
    if (queue == task_queue()) return task_arguments(options);
    if (queue == dead_letter_queue()) return dead_letter_arguments(options);
    return reply_arguments(options);
}

void check_version(const std::string& text) {
    const auto version = parse_version(text);
    if (!version || *version < oldest_version)
        throw Refused("RabbitMQ is version \"" + text + "\"; at least 3.10 is needed");
}

[[noreturn]] void refuse(const QueueName& queue, const Answer& answer) {
    const auto name = "queue " + queue.value();
    if (answer.code == AMQP_PRECONDITION_FAILED)
        throw Refused(name + " exists, made otherwise than this version makes it (" + answer.text +
                      "); once it is empty, remove it: rabbitmqctl delete_queue " + queue.value());
    if (answer.code == AMQP_ACCESS_REFUSED) throw Refused(name + ": " + answer.text);
    throw Unavailable(name + ": " + answer.text);
}

}  // namespace

Async<void> Topology::restore(std::shared_ptr<Connection> connection) {
    check_version(connection->server_version());
    connection_ = std::move(connection);
    channel_open_ = false;
    co_await declare(task_queue());
    const auto replies = replies_;
    for (const auto& queue : replies) co_await declare(queue);
}

Async<void> Topology::declare(QueueName queue) {
    if (queue == task_queue() || queue == dead_letter_queue()) {
        co_await declare_one(dead_letter_queue());
        co_await declare_one(task_queue());
        co_return;
    }
    co_await declare_one(queue);
    replies_.insert(std::move(queue));
}

Async<void> Topology::ensure(QueueName queue) {
    const bool ours =
        queue == task_queue() || queue == dead_letter_queue() || replies_.contains(queue);
    if (ours)
        co_await declare(std::move(queue));
    else
        co_await depth(std::move(queue));
}

Async<std::int64_t> Topology::depth(QueueName queue) {
    const auto answer = co_await ask(queue, true);
    if (!answer.is(AMQP_QUEUE_DECLARE_OK_METHOD)) refuse(queue, answer);
    co_return answer.messages;
}

Async<void> Topology::declare_one(QueueName queue) {
    const auto answer = co_await ask(queue, false);
    if (!answer.is(AMQP_QUEUE_DECLARE_OK_METHOD)) refuse(queue, answer);
}

Async<Answer> Topology::ask(QueueName queue, bool passive) {
    const auto turn = co_await turns_.take();
    const auto connection = connection_;
    if (!connection) throw Unavailable("there is no connection to RabbitMQ");
    if (!std::exchange(channel_open_, true)) co_await open_channel(connection);
    auto arguments = arguments_of(queue, options_);
    amqp_queue_declare_t declare{};
    declare.queue = bytes(queue.value());
    declare.passive = passive ? 1 : 0;
    declare.durable = 1;
    if (!passive) declare.arguments = arguments.raw();
    auto answer = co_await connection->call(topology_channel, AMQP_QUEUE_DECLARE_METHOD, declare,
                                            AMQP_QUEUE_DECLARE_OK_METHOD);
    if (answer.is(AMQP_CHANNEL_CLOSE_METHOD) && connection == connection_) channel_open_ = false;
    co_return answer;
}

Async<void> Topology::open_channel(std::shared_ptr<Connection> connection) {
    const amqp_channel_open_t open{};
    co_await connection->call(topology_channel, AMQP_CHANNEL_OPEN_METHOD, open,
                              AMQP_CHANNEL_OPEN_OK_METHOD);
}

}  // namespace mlbilling::rabbitmq
