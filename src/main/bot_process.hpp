#pragma once

#include <optional>
#include <string>

#include "bot/bot.hpp"
#include "main/appointments.hpp"
#include "main/process_basis.hpp"
#include "main/process_front.hpp"

namespace mlbilling {

/// `mlbilling bot`: the Telegram front end over PostgreSQL and RabbitMQ. Any number may run.
class BotProcess {
  public:
    /// Where it listens on loopback without HTTP_LISTEN.
    static constexpr std::uint16_t usual_port = 8081;

    explicit BotProcess(const Config& config);

    /// Runs until SIGTERM or SIGINT and drains; returns the process's exit code. Throws
    /// WrongConfiguration when RabbitMQ refuses it at the start.
    int run();

  private:
    std::optional<std::string> trouble() const;
    void announce() const;
    void stop();

    ProcessBasis basis_;
    Appointments appointments_;
    bot::Bot bot_;
    ProcessFront front_;
};

}  // namespace mlbilling
