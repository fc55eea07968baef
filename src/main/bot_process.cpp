#include "main/bot_process.hpp"

#include <utility>
#include <vector>

#include "base/log.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"

namespace mlbilling {
BotProcess::BotProcess(const Config& config)
    : basis_(config, "bot"),
      appointments_(*basis_.foundation.store, basis_.foundation.clock, config.admins),
      bot_({*basis_.foundation.store, *basis_.foundation.store, *basis_.foundation.store,
            *basis_.foundation.store, basis_.telegram, basis_.broker, *basis_.foundation.results,
            basis_.foundation.engines.speech(), basis_.foundation.codec, basis_.foundation.clock,
            basis_.foundation.random, basis_.foundation.metrics, basis_.publisher},
           bot_options(config, basis_.name)),
      front_(basis_, usual_port, [this] { return trouble(); }) {
    front_.take_updates(bot_);
}

std::optional<std::string> BotProcess::trouble() const {
    if (bot::is_ready(bot_.state())) return std::nullopt;
    return "telegram: " + std::string(bot::to_string(bot_.state()));
}

void BotProcess::announce() const {
    const auto& config = basis_.foundation.config;
    log::info("the bot starts", {{"version", version},
                                 {"name", basis_.name},
                                 {"http", front_.listeners().port()},
                                 {"telegram", config.telegram_api_url},
                                 {"updates", config.webhook ? "webhook" : "polling"},
                                 {"database", describe_database(config.database)}});
}

void BotProcess::stop() {
    bot_.stop();
    appointments_.stop();
}

int BotProcess::run() {
    std::vector<Async<void>> loops;
    loops.push_back(bot_.run());
    loops.push_back(appointments_.run());
    return front_.run(std::move(loops), [this] { announce(); }, [this] { stop(); });
}

}  // namespace mlbilling
