#pragma once

#include <string>

#include "adapters/rabbitmq/options.hpp"
#include "main/config.hpp"

namespace mlbilling {

/// How this process uses RabbitMQ: it takes as many tasks as it has slots.
rabbitmq::BrokerOptions broker_options(const Config& config, const std::string& process);

}  // namespace mlbilling
