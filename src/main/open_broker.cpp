#include "main/open_broker.hpp"

#include "main/wrong_configuration.hpp"
#include "ports/deadline.hpp"

namespace mlbilling {
namespace {

/// Messages for each of a worker's slots that wait in the broker; the rest waits in the database
/// (design.md, One task's life).
constexpr int messages_per_slot = 3;
/// Addresses that do not answer at all must not hold up the start: all but the queue works already.
constexpr Duration longest_wait_for_broker{5'000};

/// Why RabbitMQ refuses us, if it does.
Async<std::optional<std::string>> refusal(rabbitmq::RabbitmqBroker* broker) {
    const auto usable = co_await broker->check();
    if (usable || !broker->is_refused()) co_return std::nullopt;
    co_return usable.error().message;
}

}  // namespace

rabbitmq::BrokerOptions broker_options(const Config& config, const std::string& process) {
    rabbitmq::BrokerOptions options;
    options.connection_name = process;
    options.task_prefetch = config.worker_concurrency;
    options.task_capacity = config.worker_concurrency * messages_per_slot;
    return options;
}

Async<void> ensure_not_refused(rabbitmq::RabbitmqBroker* broker, Clock* clock) {
    const auto known = co_await within(*clock, longest_wait_for_broker, refusal(broker));
    if (known && *known) throw WrongConfiguration("RABBITMQ_URL: " + **known);
}

}  // namespace mlbilling
