#include "main/embedded_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "main/version.hpp"
#include "ports/all.hpp"
#include "ports/deadline.hpp"

namespace mlbilling {

namespace asio = boost::asio;

namespace {

/// The form of a token, for the bot that talks to our own sandbox.
constexpr const char* sandbox_token = "424242:token-of-the-sandbox";
constexpr Duration appointing_pause{30'000};
constexpr int heartbeats_per_lease = 3;

/// Where this start's chats begin to count: the database remembers those of earlier starts.
std::int64_t any_message_id(Random& random) {
    return static_cast<std::int64_t>(random.next() % 1'000'000'000);
}

}  // namespace

EmbeddedService::EmbeddedService(const Config& config)
    : config_(config),
      clock_(loop_.get_executor()),
      metrics_(version, "local"),
      store_(sqlite::Options{.path = config.database_path}, loop_.get_executor(), clock_),
      results_(config.results_directory),
      broker_({.task_capacity = static_cast<std::size_t>(config.worker_concurrency) * 3}),
      children_(config.child_processes),
      codec_(children_, {}),
      local_speech_(children_, {}),
      speech_(local_speech_, clock_),
      publisher_(broker_, store_),
      relay_(store_, broker_, publisher_, clock_, random_),
      sweeper_(store_, results_, clock_, random_, metrics_),
      ledger_watch_(store_, clock_),
      worker_(loop_, broker_, clock_, [this] { return make_worker(); }),
      story_(store_, clock_),
      backstage_(story_, worker_, speech_),
      sandbox_(start_sandbox()),
      telegram_(loop_.get_executor(), clock_, metrics_, telegram_options()),
      bot_({store_, store_, telegram_, broker_, results_, speech_, codec_, clock_, random_,
            metrics_, publisher_},
           bot_options()),
      endpoints_(
          store_, store_, metrics_, [this] { return why_not_ready(); },
          [this] { return ledger_watch_.violations(); }),
      http_(loop_.get_executor(), config.http_listen.host, config.http_listen.port,
            [this](HttpRequest request) { return endpoints_.answer(std::move(request)); }) {}

std::unique_ptr<sandbox::Sandbox> EmbeddedService::start_sandbox() {
    if (config_.telegram_token) return nullptr;
    sandbox::Sandbox::Options options;
    options.host = config_.sandbox_listen.host;
    options.port = config_.sandbox_listen.port;
    options.backstage = &backstage_;
    options.first_message_id = any_message_id(random_);
    auto sandbox =
        std::make_unique<sandbox::Sandbox>(loop_.get_executor(), clock_, random_, options);
    sandbox->start();
    return sandbox;
}

telegram::TelegramOptions EmbeddedService::telegram_options() const {
    telegram::TelegramOptions options;
    options.token = config_.telegram_token.value_or(sandbox_token);
    options.api_base = config_.telegram_api_url;
    options.proxy = config_.telegram_proxy;
    if (sandbox_) {
        const auto& host = config_.sandbox_listen.host;
        const bool everywhere = host == "0.0.0.0" || host == "localhost";
        options.api_base =
            "http://" + (everywhere ? "127.0.0.1" : host) + ":" + std::to_string(sandbox_->port());
        options.proxy.clear();
    }
    return options;
}

bot::BotOptions EmbeddedService::bot_options() const {
    bot::BotOptions options;
    options.reply_queue = QueueName("replies.serve");
    options.ask_above = config_.ask_above;
    options.start_balance = config_.start_balance;
    options.task_time_limit = config_.task_time_limit;
    return options;
}

std::unique_ptr<Worker> EmbeddedService::make_worker() {
    WorkerOptions options;
    options.name = "serve-" + std::to_string(random_.next() % 1'000'000);
    options.concurrency = config_.worker_concurrency;
    options.lease = config_.lease;
    options.heartbeat = config_.lease / heartbeats_per_lease;
    options.drain = config_.shutdown_timeout * 4 / 5;
    options.ask_above = config_.ask_above;
    options.start_balance = config_.start_balance;
    options.time_limit = config_.task_time_limit;
    return std::make_unique<Worker>(
        Worker::Dependencies{store_, store_, broker_, telegram_, speech_, codec_, results_, clock_,
                             random_, metrics_, publisher_},
        options);
}

std::optional<std::string> EmbeddedService::why_not_ready() const {
    if (stop_.is_set()) return "draining";
    if (bot_.state() == bot::PollState::polling) return std::nullopt;
    return "telegram: " + std::string(bot::to_string(bot_.state()));
}

void EmbeddedService::announce() const {
    const auto http = "http://" + config_.http_listen.host + ":" + std::to_string(http_.port());
    if (sandbox_)
        std::cout << "Chat page:  http://" << config_.sandbox_listen.host << ":" << sandbox_->port()
                  << "/\nHealth:     " << http << "/readyz\nMetrics:    " << http
                  << "/metrics\nStop with Ctrl-C.\n"
                  << std::flush;
    log::info("serving", {{"version", version},
                          {"http", http},
                          {"telegram", sandbox_ ? "sandbox" : config_.telegram_api_url},
                          {"database", config_.database_path}});
}

Async<void> EmbeddedService::appoint_admins() {
    auto waiting = config_.admins;
    while (!waiting.empty() && !stop_.is_set()) {
        std::vector<TelegramId> unknown;
        for (const auto id : waiting) {
            bool appointed = false;
            try {
                appointed = co_await store_.set_role(id, Role::admin, "ADMIN_TELEGRAM_IDS");
            } catch (const Unavailable& error) {
                log::warning("an admin could not be appointed", {{"reason", error.what()}});
            }
            if (!appointed) unknown.push_back(id);
        }
        // Somebody who has not written to the bot yet is appointed soon after they have.
        waiting = std::move(unknown);
        if (!waiting.empty()) co_await within(clock_, appointing_pause, stop_.wait());
    }
}

void EmbeddedService::stop_all() {
    if (stop_.is_set()) return;
    log::info("draining", {});
    stop_.set();
    bot_.stop();
    worker_.stop();
    relay_.stop();
    sweeper_.stop();
    ledger_watch_.stop();
}

Async<void> EmbeddedService::drain_on_signal() {
    asio::signal_set signals(loop_, SIGTERM, SIGINT);
    co_await signals.async_wait(asio::use_awaitable);
    stop_all();
    co_await signals.async_wait(asio::use_awaitable);
    std::_Exit(1);
}

Async<void> EmbeddedService::live() {
    std::vector<Async<void>> loops;
    loops.push_back(bot_.run());
    loops.push_back(worker_.run());
    loops.push_back(relay_.run());
    loops.push_back(sweeper_.run());
    loops.push_back(ledger_watch_.run());
    loops.push_back(appoint_admins());
    co_await all(std::move(loops));
    if (sandbox_) co_await sandbox_->stop();
    co_await http_.stop(Duration(1'000));
}

int EmbeddedService::run() {
    announce();
    std::exception_ptr failure;
    asio::co_spawn(loop_, drain_on_signal(), asio::detached);
    asio::co_spawn(loop_, live(), [this, &failure](std::exception_ptr error) {
        failure = error;
        loop_.stop();
    });
    asio::co_spawn(loop_, enforce_shutdown_timeout(), asio::detached);
    loop_.run();
    if (failure) std::rethrow_exception(failure);
    log::info("drained", {});
    return 0;
}

Async<void> EmbeddedService::enforce_shutdown_timeout() {
    co_await stop_.wait();
    co_await clock_.sleep(config_.shutdown_timeout);
    log::error("not drained in time; what is left runs again after the next start", {});
    std::_Exit(1);
}

}  // namespace mlbilling
