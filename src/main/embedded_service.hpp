#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/inprocess/broker.hpp"
#include "adapters/rehearsal_speech/rehearsal_speech.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "bot/bot.hpp"
#include "console/story.hpp"
#include "main/appointments.hpp"
#include "main/backstage.hpp"
#include "main/endpoints.hpp"
#include "main/foundation.hpp"
#include "main/listeners.hpp"
#include "main/process_life.hpp"
#include "main/upkeep_loops.hpp"
#include "main/webhook_carrier.hpp"
#include "main/worker_host.hpp"
#include "protocol/outbox_publisher.hpp"
#include "sandbox/sandbox.hpp"

namespace mlbilling {

/// `mlbilling serve`: bot, worker and upkeep in one process over the in-process queue, with the
/// Telegram sandbox while there is no token. Everything lives on one event loop.
class EmbeddedService {
  public:
    explicit EmbeddedService(const Config& config);

    /// Runs until SIGTERM or SIGINT and drains; returns the process's exit code. A second signal
    /// ends the process at once.
    int run();

  private:
    Async<void> live();
    Async<void> work();
    void drain();
    std::unique_ptr<Worker> make_worker();
    std::unique_ptr<sandbox::Sandbox> start_sandbox();
    telegram::TelegramOptions options_of_telegram() const;
    std::optional<std::string> why_not_ready() const;
    void announce() const;

    Foundation foundation_;
    std::string name_;
    inprocess::InProcessBroker broker_;
    RehearsalSpeech speech_;
    OutboxPublisher publisher_;
    UpkeepLoops upkeep_;
    Appointments appointments_;
    WorkerHost worker_;
    Story story_;
    ServiceBackstage backstage_;
    HttpWebhookCarrier webhooks_;
    std::unique_ptr<sandbox::Sandbox> sandbox_;
    telegram::TelegramApi telegram_;
    bot::Bot bot_;
    Endpoints endpoints_;
    Listeners listeners_;
    ProcessLife life_;
};

}  // namespace mlbilling
