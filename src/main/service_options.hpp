#pragma once

#include <string>
#include <string_view>

#include "adapters/telegram/telegram_api.hpp"
#include "bot/options.hpp"
#include "main/config.hpp"
#include "worker/options.hpp"

namespace mlbilling {

/// `worker-db7-4711`: what other processes, the broker and the operator know this one by. The same
/// for a process that takes this one's place on the machine, unless the system gave it another id.
std::string process_name(std::string_view role);

/// For the bot whose token is configured.
telegram::TelegramOptions telegram_options(const Config& config, std::string token);
bot::BotOptions bot_options(const Config& config, const std::string& process);
WorkerOptions worker_options(const Config& config, const std::string& process);

}  // namespace mlbilling
