#pragma once

#include <string>
#include <string_view>

#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "main/foundation.hpp"
#include "main/upkeep_loops.hpp"
#include "protocol/outbox_publisher.hpp"

namespace mlbilling {

/// What `mlbilling bot` and `mlbilling worker` stand on: the foundation of every process, over
/// PostgreSQL and RabbitMQ, with Telegram and the upkeep that every process does. The configuration
/// outlives it.
struct ProcessBasis {
    /// `kind`: what the process's name begins with. The schema has been checked
    /// (database_wait.hpp). Throws what stops the start.
    ProcessBasis(const Config& config, std::string_view kind);

    Foundation foundation;
    std::string name;
    rabbitmq::RabbitmqBroker broker;
    OutboxPublisher publisher;
    UpkeepLoops upkeep;
    telegram::TelegramApi telegram;
};

}  // namespace mlbilling
