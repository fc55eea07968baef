#include "adapters/inprocess/broker.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/inprocess/queues.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::inprocess {

// Shared with the coroutines that wait, so that either may end first.
struct InProcessBroker::State : Queues {
    using Queues::Queues;
};

namespace {

/// Leaves the queue with the frame of receive(), however that ends; a message that was handed over
/// but not taken goes back.
class Waiting {
  public:
    Waiting(std::shared_ptr<Queues> queues, QueueName name, Waiter* waiter)
        : queues_(std::move(queues)),
          name_(std::move(name)),
          waiter_(waiter),
          place_(queues_->enqueue(name_, waiter)) {}
    ~Waiting() {
        if (waiter_->message)
            queues_->undeliver(waiter_->message->receipt);
        else if (!taken_)
            queues_->forget(name_, place_);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    std::optional<ReceivedMessage> take() {
        taken_ = waiter_->message.has_value();
        return std::exchange(waiter_->message, std::nullopt);
    }

  private:
    std::shared_ptr<Queues> queues_;
    QueueName name_;
    Waiter* waiter_;
    Queues::WaiterPlace place_;
    bool taken_ = false;
};

}  // namespace

InProcessBroker::InProcessBroker(BrokerOptions options)
    : state_(std::make_shared<State>(options)) {}
InProcessBroker::~InProcessBroker() = default;

Async<void> InProcessBroker::declare(QueueName queue) {
    state_->declare(queue);
    co_return;
}

Async<Published> InProcessBroker::publish(QueueName queue, Message message) {
    co_return state_->publish(queue, std::move(message));
}

Async<int> InProcessBroker::room() { co_return static_cast<int>(state_->room_for_tasks()); }

Async<ReceivedMessage> InProcessBroker::receive(QueueName queue) {
    return receive_from(state_, std::move(queue));
}

Async<ReceivedMessage> InProcessBroker::receive_from(std::shared_ptr<State> state,
                                                     QueueName queue) {
    namespace asio = boost::asio;
    if (!state->exists(queue)) throw Unavailable("there is no queue " + queue.value());
    if (auto ready = state->take(queue)) co_return *std::move(ready);
    Waiter waiter{asio::steady_timer(co_await asio::this_coro::executor,
                                     asio::steady_timer::time_point::max()),
                  std::nullopt};
    Waiting waiting(state, queue, &waiter);
    boost::system::error_code ignored;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cancelled != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    auto message = waiting.take();
    CHECK(message.has_value());
    co_return *std::move(message);
}

Async<void> InProcessBroker::acknowledge(std::uint64_t receipt) {
    state_->acknowledge(receipt);
    co_return;
}

Async<void> InProcessBroker::return_to_queue(std::uint64_t receipt) {
    state_->put_back(receipt);
    co_return;
}

Async<void> InProcessBroker::reject(std::uint64_t receipt, std::string reason) {
    state_->reject(receipt, std::move(reason));
    co_return;
}

void InProcessBroker::return_unacknowledged() { state_->put_all_back(); }

std::size_t InProcessBroker::depth(const QueueName& queue) const { return state_->depth(queue); }
std::size_t InProcessBroker::unacknowledged() const { return state_->out(); }

}  // namespace mlbilling::inprocess
