#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "adapters/rabbitmq/acknowledgements.hpp"
#include "adapters/rabbitmq/content.hpp"
#include "library_thread.hpp"
#include "ports/broker.hpp"

namespace mlbilling::bench {

/// The other way to use RabbitMQ, to be compared with the adapter: librabbitmq's own blocking input
/// and output on a thread that publishes and one that consumes, with a watchdog. Confirms and
/// acknowledgements are gathered as the adapter gathers them. It does what the benchmark asks for,
/// with the queue `tasks` alone, and connects once.
class ThreadedBroker final : public Broker {
  public:
    struct Options {
        std::chrono::seconds heartbeat{10};
        /// A thread that does not come back from the library for so long loses its connection.
        std::chrono::milliseconds longest_call{10'000};
        /// How long close() lets the threads end by themselves.
        std::chrono::milliseconds longest_close{10'000};
        std::uint16_t prefetch = 64;
    };
    ThreadedBroker(boost::asio::any_io_executor loop, const rabbitmq::Address& address,
                   Options options);
    ~ThreadedBroker() override;

    /// The queue must be there.
    Async<void> declare(QueueName queue) override;
    Async<Published> publish(QueueName queue, Message message) override;
    Async<int> room() override;
    Async<ReceivedMessage> receive(QueueName queue) override;
    Async<void> acknowledge(std::uint64_t receipt) override;
    Async<void> return_to_queue(std::uint64_t receipt) override;
    Async<void> reject(std::uint64_t receipt, std::string reason) override;
    Async<void> close();

  private:
    using Fate = std::shared_ptr<rabbitmq::Pending<Published>>;
    using Waiter = std::shared_ptr<rabbitmq::Pending<ReceivedMessage>>;

    // On the publishing thread.
    void send(const std::string& queue, const Message& message, Fate fate);
    void take_confirm(const amqp_frame_t& frame);
    void confirm(std::uint64_t tag, bool multiple, Published fate);
    // On the consuming thread.
    void take_delivery(const amqp_frame_t& frame);
    void say_acknowledgements(LibraryConnection& connection);
    // On the loop.
    void delivered(rabbitmq::Delivery delivery);
    void lost(const std::string& why);
    void watch();

    LibraryThread::Work publishing_work();
    LibraryThread::Work consuming_work();

    boost::asio::any_io_executor loop_;
    const Options options_;

    // The publishing thread's.
    LibraryConnection* publishing_connection_ = nullptr;
    std::map<std::uint64_t, Fate> unconfirmed_;
    std::uint64_t next_tag_ = 1;
    // The consuming thread's.
    rabbitmq::ContentAssembly content_;
    rabbitmq::Acknowledgements acknowledgements_;
    // The loop's.
    std::deque<ReceivedMessage> ready_;
    std::deque<Waiter> waiters_;
    std::unordered_map<Fate::element_type*, Fate> publishes_;
    std::string why_lost_;

    std::atomic<bool> watching_{true};
    std::unique_ptr<LibraryThread> publishing_;
    std::unique_ptr<LibraryThread> consuming_;
    std::thread watchdog_;
};

}  // namespace mlbilling::bench
