#include "main/embedded_service.hpp"

#include <iostream>
#include <vector>

#include "base/log.hpp"
#include "main/descriptors.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"
#include "ports/all.hpp"

namespace mlbilling {
namespace {

/// The form of a token, for the bot that talks to our own sandbox.
constexpr const char* sandbox_token = "424242:token-of-the-sandbox";
/// The one process of its installation: what it held before it died is its own again at once.
constexpr const char* process = "serve";
const ListenAddress default_listen{"127.0.0.1", 8080};
constexpr std::size_t messages_per_slot = 3;
constexpr Duration longest_answer_at_the_end{1'000};

/// Where this start's chats begin to count: the database remembers those of earlier starts.
std::int64_t any_message_id(Random& random) {
    return static_cast<std::int64_t>(random.next() % 1'000'000'000);
}

}  // namespace

EmbeddedService::EmbeddedService(const Config& config)
    : foundation_(config, Schema::migrate),
      name_(process),
      broker_({.task_capacity =
                   static_cast<std::size_t>(config.worker_concurrency) * messages_per_slot}),
      speech_(foundation_.engines.speech(), foundation_.clock),
      publisher_(broker_, *foundation_.store),
      upkeep_(foundation_, broker_, publisher_),
      appointments_(*foundation_.store, foundation_.clock, config.admins),
      worker_(foundation_.loop, broker_, foundation_.clock, [this] { return make_worker(); }),
      story_(*foundation_.store, foundation_.clock),
      backstage_(story_, worker_, speech_),
      webhooks_(foundation_.loop.get_executor()),
      sandbox_(start_sandbox()),
      telegram_(foundation_.loop.get_executor(), foundation_.clock, foundation_.metrics,
                options_of_telegram()),
      bot_({*foundation_.store, *foundation_.store, *foundation_.store, *foundation_.store,
            telegram_, broker_, *foundation_.results, speech_, foundation_.codec, foundation_.clock,
            foundation_.random, foundation_.metrics, publisher_},
           bot_options(config, name_)),
      endpoints_(
          questions_to(*foundation_.store), foundation_.clock, foundation_.metrics,
          [this] { return why_not_ready(); }, [this] { return upkeep_.ledger(); }),
      listeners_(foundation_.loop.get_executor(), config, default_listen, endpoints_),
      life_(foundation_.loop, foundation_.clock, config.shutdown_timeout) {
    listeners_.take_updates(config, bot_);
}

std::unique_ptr<sandbox::Sandbox> EmbeddedService::start_sandbox() {
    const auto& config = foundation_.config;
    if (config.telegram_token) return nullptr;
    sandbox::Sandbox::Options options;
    options.host = config.sandbox_listen.host;
    options.port = config.sandbox_listen.port;
    options.backstage = &backstage_;
    options.webhooks = &webhooks_;
    options.max_connections = connections_for(listener_count(config));
    options.first_message_id = any_message_id(foundation_.random);
    auto sandbox = std::make_unique<sandbox::Sandbox>(
        foundation_.loop.get_executor(), foundation_.clock, foundation_.random, options);
    sandbox->start();
    return sandbox;
}

telegram::TelegramOptions EmbeddedService::options_of_telegram() const {
    const auto& config = foundation_.config;
    auto options = telegram_options(config, config.telegram_token.value_or(sandbox_token));
    if (!sandbox_) return options;
    options.api_base = web_address_of(config.sandbox_listen, sandbox_->port());
    options.proxy.clear();
    options.proxy_of_plain_http.reset();
    options.local_files.clear();
    return options;
}

std::unique_ptr<Worker> EmbeddedService::make_worker() {
    // Each of its workers is another one, or a lease would seem to be its successor's.
    const auto name = name_ + "-" + std::to_string(foundation_.random.next() % 1'000'000);
    return std::make_unique<Worker>(
        Worker::Dependencies{*foundation_.store, *foundation_.store, broker_, telegram_, speech_,
                             foundation_.codec, *foundation_.results, foundation_.clock,
                             foundation_.random, foundation_.metrics, publisher_},
        worker_options(foundation_.config, name));
}

std::optional<std::string> EmbeddedService::why_not_ready() const {
    if (life_.ending().is_set()) return "draining";
    if (!bot::is_ready(bot_.state()))
        return "telegram: " + std::string(bot::to_string(bot_.state()));
    return trouble_with(upkeep_.ledger());
}

void EmbeddedService::announce() const {
    const auto& config = foundation_.config;
    const auto http =
        web_address_of(config.http_listen.value_or(default_listen), listeners_.port());
    if (sandbox_)
        std::cout << "Chat page:  " << web_address_of(config.sandbox_listen, sandbox_->port())
                  << "/\nHealth:     " << http << "/readyz\nMetrics:    " << http
                  << "/metrics\nStop with Ctrl-C.\n"
                  << std::flush;
    log::info("serving", {{"version", version},
                          {"http", http},
                          {"telegram", sandbox_ ? "sandbox" : config.telegram_api_url},
                          {"database", describe_database(config.database)}});
}

void EmbeddedService::drain() {
    bot_.stop();
    worker_.stop();
    upkeep_.stop();
    appointments_.stop();
}

Async<void> EmbeddedService::live() {
    std::vector<Async<void>> parts;
    parts.push_back(endpoints_.run());
    parts.push_back(work());
    co_await all(std::move(parts));
}

Async<void> EmbeddedService::work() {
    std::vector<Async<void>> loops;
    loops.push_back(bot_.run());
    loops.push_back(worker_.run());
    loops.push_back(upkeep_.run());
    loops.push_back(appointments_.run());
    co_await all(std::move(loops));
    if (sandbox_) co_await sandbox_->stop();
    co_await listeners_.stop(longest_answer_at_the_end);
    endpoints_.stop();
}

int EmbeddedService::run() {
    announce();
    return life_.run(live(), [this] { drain(); });
}

}  // namespace mlbilling
