#pragma once

#include <string>

#include "adapters/rabbitmq/options.hpp"
#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "main/config.hpp"
#include "ports/async.hpp"
#include "ports/clock.hpp"

namespace mlbilling {

/// How this process uses RabbitMQ: it takes as many tasks as it has slots.
rabbitmq::BrokerOptions broker_options(const Config& config, const std::string& process);

/// For the start of a process: returns when RabbitMQ has let us in, or cannot be reached, which
/// mends itself. Throws WrongConfiguration when it refuses us and only the operator can mend that:
/// wrong password, no such virtual host, a queue made otherwise. Both outlive it.
Async<void> ensure_not_refused(rabbitmq::RabbitmqBroker* broker, Clock* clock);

}  // namespace mlbilling
