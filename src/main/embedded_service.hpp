#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/files/result_store.hpp"
#include "adapters/http_server/http_server.hpp"
#include "adapters/inprocess/broker.hpp"
#include "adapters/local_speech/local_speech.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/rehearsal_speech/rehearsal_speech.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "bot/bot.hpp"
#include "console/story.hpp"
#include "main/backstage.hpp"
#include "main/config.hpp"
#include "main/endpoints.hpp"
#include "main/worker_host.hpp"
#include "protocol/outbox_publisher.hpp"
#include "sandbox/sandbox.hpp"
#include "upkeep/ledger_watch.hpp"
#include "upkeep/outbox_relay.hpp"
#include "upkeep/sweeper.hpp"

namespace mlbilling {

/// `mlbilling serve`: bot, worker and upkeep in one process over SQLite, the in-process queue and
/// local speech, with the Telegram sandbox while there is no token. Everything lives on one event
/// loop.
class EmbeddedService {
  public:
    explicit EmbeddedService(const Config& config);

    /// Runs until SIGTERM or SIGINT and drains; returns the process's exit code. A second signal
    /// ends the process at once.
    int run();

  private:
    Async<void> live();
    Async<void> drain_on_signal();
    Async<void> appoint_admins();
    void stop_all();
    std::unique_ptr<Worker> make_worker();
    Async<void> enforce_shutdown_timeout();
    std::unique_ptr<sandbox::Sandbox> start_sandbox();
    telegram::TelegramOptions telegram_options() const;
    bot::BotOptions bot_options() const;
    std::optional<std::string> why_not_ready() const;
    void announce() const;

    const Config& config_;
    boost::asio::io_context loop_{1};
    SystemClock clock_;
    SystemRandom random_;
    prometheus_text::PrometheusMetrics metrics_;
    sqlite::SqliteStore store_;
    files::FileResultStore results_;
    inprocess::InProcessBroker broker_;
    child_process::ChildProcesses children_;
    audio::LocalAudioCodec codec_;
    local_speech::LocalSpeech local_speech_;
    RehearsalSpeech speech_;
    OutboxPublisher publisher_;
    OutboxRelay relay_;
    Sweeper sweeper_;
    LedgerWatch ledger_watch_;
    WorkerHost worker_;
    Story story_;
    ServiceBackstage backstage_;
    std::unique_ptr<sandbox::Sandbox> sandbox_;
    telegram::TelegramApi telegram_;
    bot::Bot bot_;
    Endpoints endpoints_;
    HttpServer http_;
    Event stop_;
};

}  // namespace mlbilling
