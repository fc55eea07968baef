#include "main/open_broker.hpp"

namespace mlbilling {
namespace {

/// Messages for each of a worker's slots that wait in the broker; the rest waits in the database
/// (design.md, One task's life).
constexpr int messages_per_slot = 3;

}  // namespace

rabbitmq::BrokerOptions broker_options(const Config& config, const std::string& process) {
    rabbitmq::BrokerOptions options;
    options.connection_name = process;
    options.task_prefetch = config.worker_concurrency;
    options.task_capacity = config.worker_concurrency * messages_per_slot;
    return options;
}

}  // namespace mlbilling
