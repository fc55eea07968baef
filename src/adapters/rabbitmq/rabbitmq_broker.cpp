#include "adapters/rabbitmq/rabbitmq_broker.hpp"

#include <chrono>
#include <utility>

#include "adapters/rabbitmq/consumer.hpp"
#include "adapters/rabbitmq/link.hpp"
#include "adapters/rabbitmq/publisher.hpp"
#include "adapters/rabbitmq/task_room.hpp"
#include "adapters/rabbitmq/turns.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::rabbitmq {
namespace {

/// As much of a reason as a person reads; a header must fit a frame.
constexpr std::size_t longest_reason = 1'000;

BrokerOptions named(BrokerOptions options, const std::string& purpose) {
    options.connection_name += " " + purpose;
    return options;
}

}  // namespace

// Shared with the coroutines that wait, so that either may end first.
struct RabbitmqBroker::State {
    State(const boost::asio::any_io_executor& loop, std::vector<Address> addresses,
          const BrokerOptions& options, Random& random)
        : topology(options.topology),
          publisher(std::make_shared<Publisher>(loop, options)),
          consumer(std::make_shared<Consumer>(loop, options)),
          task_room(options),
          depth_turns(loop) {
        const auto complaints = std::make_shared<Complaints>();
        // The links hold the two, and stop() lets go of them.
        publishing = std::make_shared<Link>(
            loop,
            Link::Parts{"publishing", addresses, named(options, "publishing"), publisher,
                        [to = publisher](auto connection) { return to->take_over(connection); },
                        complaints},
            random);
        consuming = std::make_shared<Link>(
            loop,
            Link::Parts{"consuming", std::move(addresses), named(options, "consuming"), consumer,
                        [to = consumer](auto connection) { return to->take_over(connection); },
                        complaints},
            random);
    }

    const TopologyOptions topology;
    std::shared_ptr<Publisher> publisher;
    std::shared_ptr<Consumer> consumer;
    std::shared_ptr<Link> publishing;
    std::shared_ptr<Link> consuming;
    TaskRoom task_room;
    Turns depth_turns;
};

RabbitmqBroker::RabbitmqBroker(boost::asio::any_io_executor loop, std::vector<Address> addresses,
                               const BrokerOptions& options, Random& random)
    : state_(std::make_shared<State>(loop, std::move(addresses), options, random)) {
    state_->publishing->start();
    state_->consuming->start();
}

RabbitmqBroker::~RabbitmqBroker() {
    state_->publishing->stop();
    state_->consuming->stop();
}

Async<void> RabbitmqBroker::declare(QueueName queue) {
    return declare_on(state_, std::move(queue));
}

Async<void> RabbitmqBroker::declare_on(std::shared_ptr<State> state, QueueName queue) {
    co_await Link::up(state->consuming);
    co_await state->consumer->topology().declare(std::move(queue));
}

Async<Published> RabbitmqBroker::publish(QueueName queue, Message message) {
    if (queue == task_queue()) return publish_task(state_, std::move(message));
    return publish_to(state_, std::move(queue), std::move(message));
}

Async<Published> RabbitmqBroker::publish_to(std::shared_ptr<State> state, QueueName queue,
                                            Message message) {
    co_await Link::up(state->publishing);
    const auto fate = co_await Publisher::publish(state->publisher, queue, std::move(message));
    if (fate == Published::full && state->publisher->is_refusing(queue))
        co_await doubt(state, std::move(queue));
    co_return fate;
}

// RabbitMQ 3.10 picks the node that leads a quorum queue at a channel's first publish there, and
// when that node has just died it refuses whatever comes on that channel, for ever
// (rabbit_fifo_client:enqueue/3). Only another channel goes on.
Async<void> RabbitmqBroker::doubt(std::shared_ptr<State> state, QueueName queue) {
    const auto turn = co_await state->depth_turns.take();
    // Somebody else may have asked meanwhile.
    if (!state->publisher->is_refusing(queue)) co_return;
    const auto depth = co_await state->consumer->topology().depth(queue);
    if (depth < state->topology.capacity_of(queue) / 2)
        state->publisher->begin_anew("RabbitMQ refuses messages for queue " + queue.value() +
                                     ", which is not full");
    else
        state->publisher->believe(queue);
}

Async<Published> RabbitmqBroker::publish_task(std::shared_ptr<State> state, Message message) {
    if (state->task_room.room() == 0 || !state->task_room.is_known()) co_await learn_depth(state);
    if (state->task_room.room() == 0) co_return Published::full;
    // Counted until it is known what became of it, whichever way this ends.
    struct OnItsWay {
        TaskRoom& room;
        bool published = false;
        ~OnItsWay() { room.ended(published); }
    };
    state->task_room.sent();
    OnItsWay on_its_way{state->task_room};
    const auto fate = co_await publish_to(state, task_queue(), std::move(message));
    on_its_way.published = fate == Published::confirmed;
    co_return fate;
}

Async<void> RabbitmqBroker::learn_depth(std::shared_ptr<State> state) {
    const auto stale = [&room = state->task_room] {
        return room.is_stale(std::chrono::steady_clock::now());
    };
    if (!stale()) co_return;
    co_await Link::up(state->consuming);
    const auto turn = co_await state->depth_turns.take();
    // Somebody else may have asked meanwhile.
    if (!stale()) co_return;
    const auto depth = co_await state->consumer->topology().depth(task_queue());
    state->task_room.learned(depth, std::chrono::steady_clock::now());
}

Async<int> RabbitmqBroker::room() { return room_of(state_); }

Async<int> RabbitmqBroker::room_of(std::shared_ptr<State> state) {
    co_await learn_depth(state);
    co_return state->publisher->is_blocked() ? 0 : state->task_room.room();
}

Async<ReceivedMessage> RabbitmqBroker::receive(QueueName queue) {
    return receive_from(state_, std::move(queue));
}

Async<ReceivedMessage> RabbitmqBroker::receive_from(std::shared_ptr<State> state, QueueName queue) {
    co_await Link::up(state->consuming);
    co_return co_await Consumer::receive(state->consumer, std::move(queue));
}

Async<void> RabbitmqBroker::acknowledge(std::uint64_t receipt) {
    state_->consumer->acknowledge(receipt);
    co_return;
}

Async<void> RabbitmqBroker::return_to_queue(std::uint64_t receipt) {
    state_->consumer->put_back(receipt);
    co_return;
}

Async<void> RabbitmqBroker::reject(std::uint64_t receipt, std::string reason) {
    return reject_on(state_, receipt, std::move(reason));
}

Async<void> RabbitmqBroker::reject_on(std::shared_ptr<State> state, std::uint64_t receipt,
                                      std::string reason) {
    auto message = state->consumer->find(receipt);
    // Of an earlier connection: it comes again.
    if (!message) co_return;
    log::warning("message goes to the dead letters",
                 {{"message_id", message->message_id}, {"reason", reason}});
    reason.resize(std::min(reason.size(), longest_reason));
    message->headers["x-reason"] = std::move(reason);
    std::string failure = "RabbitMQ takes no more dead letters";
    bool buried = false;
    try {
        buried = co_await bury(state, *std::move(message));
    } catch (const Unavailable& error) {
        failure = error.what();
    }
    if (buried) {
        state->consumer->acknowledge(receipt);
        co_return;
    }
    // Never lost: it comes again, and in the end the broker itself makes it a dead letter.
    state->consumer->put_back(receipt);
    throw Unavailable(failure);
}

Async<bool> RabbitmqBroker::bury(std::shared_ptr<State> state, Message message) {
    auto published = co_await publish_to(state, dead_letter_queue(), message);
    if (published == Published::no_such_queue) {
        co_await declare_on(state, dead_letter_queue());
        published = co_await publish_to(state, dead_letter_queue(), std::move(message));
    }
    co_return published == Published::confirmed;
}

Async<Result<std::string>> RabbitmqBroker::check() { return check_on(state_); }

Async<Result<std::string>> RabbitmqBroker::check_on(std::shared_ptr<State> state) {
    try {
        co_await Link::up(state->consuming);
        co_await Link::up(state->publishing);
    } catch (const Unavailable& error) {
        co_return Problem{error.what()};
    }
    co_return state->consuming->server_version();
}

std::optional<std::string> RabbitmqBroker::problem() const {
    if (auto problem = state_->consuming->problem()) return problem;
    if (auto problem = state_->publishing->problem()) return problem;
    if (state_->publisher->is_blocked()) return "RabbitMQ is short of memory or disk";
    return std::nullopt;
}

bool RabbitmqBroker::is_refused() const {
    return state_->consuming->is_refused() || state_->publishing->is_refused();
}

Async<void> RabbitmqBroker::close() { return close_all(state_); }

Async<void> RabbitmqBroker::close_all(std::shared_ptr<State> state) {
    // Publishing first, so that what a confirm still allows to acknowledge is acknowledged.
    co_await Link::close(state->publishing);
    co_await Link::close(state->consuming);
}

}  // namespace mlbilling::rabbitmq
