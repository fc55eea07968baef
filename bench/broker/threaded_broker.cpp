#include "threaded_broker.hpp"

#include <stdexcept>
#include <utility>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/properties.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::bench {

using rabbitmq::Pending;
using rabbitmq::Properties;

ThreadedBroker::ThreadedBroker(boost::asio::any_io_executor loop, const rabbitmq::Address& address,
                               Options options)
    : loop_(std::move(loop)),
      options_(options),
      publishing_(
          std::make_unique<LibraryThread>(loop_, address, options_.heartbeat, publishing_work())),
      consuming_(
          std::make_unique<LibraryThread>(loop_, address, options_.heartbeat, consuming_work())),
      watchdog_([this] { watch(); }) {}

ThreadedBroker::~ThreadedBroker() {
    watching_ = false;
    watchdog_.join();
}

LibraryThread::Work ThreadedBroker::publishing_work() {
    return {[this](LibraryConnection& connection) {
                publishing_connection_ = &connection;
                amqp_confirm_select(connection.raw(), 1);
                connection.check_answer();
            },
            [this](LibraryConnection&, const amqp_frame_t& frame) { take_confirm(frame); },
            [](LibraryConnection&) {}, [this](const std::string& why) { lost(why); }};
}

LibraryThread::Work ThreadedBroker::consuming_work() {
    return {[this](LibraryConnection& connection) {
                amqp_basic_qos(connection.raw(), 1, 0, options_.prefetch, 0);
                connection.check_answer();
                amqp_basic_consume(connection.raw(), 1, rabbitmq::bytes("tasks"),
                                   rabbitmq::bytes("1"), 0, 0, 0, amqp_empty_table);
                connection.check_answer();
            },
            [this](LibraryConnection&, const amqp_frame_t& frame) { take_delivery(frame); },
            [this](LibraryConnection& connection) { say_acknowledgements(connection); },
            [this](const std::string& why) { lost(why); }};
}

void ThreadedBroker::watch() {
    while (watching_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        for (auto* thread : {publishing_.get(), consuming_.get()})
            thread->cut(options_.longest_call);
    }
}

Async<Published> ThreadedBroker::publish(QueueName queue, Message message) {
    if (!why_lost_.empty()) throw Unavailable(why_lost_);
    auto fate = std::make_shared<Pending<Published>>(loop_, options_.longest_call);
    publishes_.emplace(fate.get(), fate);
    publishing_->post([this, queue = queue.value(), message = std::move(message), fate] {
        send(queue, message, fate);
    });
    return Pending<Published>::wait(fate);
}

void ThreadedBroker::send(const std::string& queue, const Message& message, Fate fate) {
    const Properties properties(message);
    unconfirmed_.emplace(next_tag_++, std::move(fate));
    publishing_connection_->call([&] {
        return amqp_basic_publish(publishing_connection_->raw(), 1, amqp_empty_bytes,
                                  rabbitmq::bytes(queue), 1, 0, &properties.raw(),
                                  rabbitmq::bytes(message.body));
    });
}

void ThreadedBroker::take_confirm(const amqp_frame_t& frame) {
    if (frame.frame_type != AMQP_FRAME_METHOD) return;
    if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
        const auto& ack = *static_cast<amqp_basic_ack_t*>(frame.payload.method.decoded);
        confirm(ack.delivery_tag, ack.multiple != 0, Published::confirmed);
    } else if (frame.payload.method.id == AMQP_BASIC_NACK_METHOD) {
        const auto& nack = *static_cast<amqp_basic_nack_t*>(frame.payload.method.decoded);
        confirm(nack.delivery_tag, nack.multiple != 0, Published::full);
    }
}

void ThreadedBroker::confirm(std::uint64_t tag, bool multiple, Published published) {
    auto first = multiple ? unconfirmed_.begin() : unconfirmed_.find(tag);
    while (first != unconfirmed_.end() && first->first <= tag) {
        publishing_->answer([this, fate = first->second, published] {
            fate->resolve(published);
            publishes_.erase(fate.get());
        });
        first = unconfirmed_.erase(first);
    }
}

void ThreadedBroker::take_delivery(const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_METHOD) {
        if (frame.payload.method.id != AMQP_BASIC_DELIVER_METHOD) return;
        const auto& deliver = *static_cast<amqp_basic_deliver_t*>(frame.payload.method.decoded);
        acknowledgements_.delivered(deliver.delivery_tag);
        content_.begin(rabbitmq::Delivery{"1", deliver.delivery_tag, deliver.redelivered != 0, {}});
    } else if (frame.frame_type == AMQP_FRAME_HEADER) {
        const auto& header = frame.payload.properties;
        content_.header(header.body_size, static_cast<amqp_basic_properties_t*>(header.decoded));
    } else if (frame.frame_type == AMQP_FRAME_BODY) {
        content_.body(rabbitmq::view(frame.payload.body_fragment));
    }
    auto whole = content_.take();
    if (!whole) return;
    consuming_->answer([this, delivery = std::get<rabbitmq::Delivery>(*std::move(whole))] {
        delivered(delivery);
    });
}

void ThreadedBroker::say_acknowledgements(LibraryConnection& connection) {
    for (const auto& said : acknowledgements_.take())
        connection.call(
            [&] { return amqp_basic_ack(connection.raw(), 1, said.tag, said.multiple ? 1 : 0); });
}

void ThreadedBroker::delivered(rabbitmq::Delivery delivery) {
    ReceivedMessage received{delivery.message.value_or(Message{}), delivery.tag,
                             delivery.redelivered};
    if (waiters_.empty()) {
        ready_.push_back(std::move(received));
        return;
    }
    waiters_.front()->resolve(std::move(received));
    waiters_.pop_front();
}

Async<ReceivedMessage> ThreadedBroker::receive(QueueName) {
    if (!why_lost_.empty()) throw Unavailable(why_lost_);
    auto waiter = std::make_shared<Pending<ReceivedMessage>>(loop_);
    if (ready_.empty()) {
        waiters_.push_back(waiter);
    } else {
        waiter->resolve(std::move(ready_.front()));
        ready_.pop_front();
    }
    return Pending<ReceivedMessage>::wait(std::move(waiter));
}

Async<void> ThreadedBroker::acknowledge(std::uint64_t receipt) {
    consuming_->post([this, receipt] { acknowledgements_.acknowledge(receipt); });
    co_return;
}

void ThreadedBroker::lost(const std::string& why) {
    why_lost_ = why;
    for (auto& [key, fate] : std::exchange(publishes_, {})) fate->fail(why);
    for (auto& waiter : std::exchange(waiters_, {})) waiter->fail(why);
}

Async<void> ThreadedBroker::close() {
    for (auto* thread : {publishing_.get(), consuming_.get()}) thread->stop();
    for (auto* thread : {publishing_.get(), consuming_.get()}) {
        if (co_await thread->ended(options_.longest_close)) continue;
        thread->cut(std::chrono::milliseconds(0));
        while (!co_await thread->ended(options_.longest_close)) {
        }
    }
}

Async<void> ThreadedBroker::declare(QueueName) { co_return; }
Async<int> ThreadedBroker::room() { co_return 1'000; }
Async<void> ThreadedBroker::return_to_queue(std::uint64_t) {
    throw std::logic_error("the benchmark gives nothing back");
}
Async<void> ThreadedBroker::reject(std::uint64_t, std::string) {
    throw std::logic_error("the benchmark rejects nothing");
}

}  // namespace mlbilling::bench
