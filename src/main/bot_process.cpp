#include "main/bot_process.hpp"

#include <vector>

#include "base/log.hpp"
#include "main/open_broker.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"
#include "ports/all.hpp"

namespace mlbilling {
namespace {

const ListenAddress default_listen{"127.0.0.1", 8081};
constexpr Duration longest_answer_at_the_end{1'000};

}  // namespace

BotProcess::BotProcess(const Config& config)
    : foundation_(config, Schema::check),
      name_(process_name("bot")),
      broker_(foundation_.loop.get_executor(), config.rabbitmq, broker_options(config, name_),
              foundation_.random),
      publisher_(broker_, *foundation_.store),
      upkeep_(foundation_, broker_, publisher_),
      appointments_(*foundation_.store, foundation_.clock, config.admins),
      telegram_(foundation_.loop.get_executor(), foundation_.clock, foundation_.metrics,
                telegram_options(config, *config.telegram_token)),
      bot_({*foundation_.store, *foundation_.store, *foundation_.store, *foundation_.store,
            telegram_, broker_, *foundation_.results, foundation_.engines.speech(),
            foundation_.codec, foundation_.clock, foundation_.random, foundation_.metrics,
            publisher_},
           bot_options(config, name_)),
      endpoints_(
          *foundation_.store, foundation_.metrics, [this] { return why_not_ready(); },
          [this] { return upkeep_.violations(); }),
      http_(foundation_.loop.get_executor(), config.http_listen.value_or(default_listen).host,
            config.http_listen.value_or(default_listen).port,
            [this](HttpRequest request) { return endpoints_.answer(std::move(request)); }),
      life_(foundation_.loop, foundation_.clock, config.shutdown_timeout) {
    if (config.webhook) endpoints_.take_updates(*config.webhook, *config.telegram_token, bot_);
}

std::optional<std::string> BotProcess::why_not_ready() const {
    if (life_.ending().is_set()) return "draining";
    if (const auto problem = broker_.problem()) return "broker: " + *problem;
    if (bot::is_ready(bot_.state())) return std::nullopt;
    return "telegram: " + std::string(bot::to_string(bot_.state()));
}

void BotProcess::drain() {
    bot_.stop();
    upkeep_.stop();
    appointments_.stop();
}

Async<void> BotProcess::live() {
    std::vector<Async<void>> loops;
    loops.push_back(bot_.run());
    loops.push_back(upkeep_.run());
    loops.push_back(appointments_.run());
    co_await all(std::move(loops));
    co_await http_.stop(longest_answer_at_the_end);
    co_await broker_.close();
}

int BotProcess::run() {
    log::info("the bot starts", {{"version", version},
                                 {"name", name_},
                                 {"http", http_.port()},
                                 {"telegram", foundation_.config.telegram_api_url},
                                 {"updates", foundation_.config.webhook ? "webhook" : "polling"},
                                 {"database", describe_database(foundation_.config.database)}});
    return life_.run(live(), [this] { drain(); });
}

}  // namespace mlbilling
