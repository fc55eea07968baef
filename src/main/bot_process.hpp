#pragma once

#include <optional>
#include <string>

#include "adapters/http_server/http_server.hpp"
#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "bot/bot.hpp"
#include "main/appointments.hpp"
#include "main/endpoints.hpp"
#include "main/foundation.hpp"
#include "main/process_life.hpp"
#include "main/upkeep_loops.hpp"
#include "protocol/outbox_publisher.hpp"

namespace mlbilling {

/// `mlbilling bot`: the Telegram front end over PostgreSQL and RabbitMQ. Any number may run.
class BotProcess {
  public:
    explicit BotProcess(const Config& config);

    /// Runs until SIGTERM or SIGINT and drains; returns the process's exit code. Throws
    /// WrongConfiguration when RabbitMQ refuses it at the start.
    int run();

  private:
    Async<void> live();
    void announce() const;
    void drain();
    std::optional<std::string> why_not_ready() const;

    Foundation foundation_;
    std::string name_;
    rabbitmq::RabbitmqBroker broker_;
    OutboxPublisher publisher_;
    UpkeepLoops upkeep_;
    Appointments appointments_;
    telegram::TelegramApi telegram_;
    bot::Bot bot_;
    Endpoints endpoints_;
    HttpServer http_;
    ProcessLife life_;
};

}  // namespace mlbilling
