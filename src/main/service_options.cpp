#include "main/service_options.hpp"

#include <unistd.h>

#include <array>

namespace mlbilling {
namespace {

constexpr int heartbeats_per_lease = 3;

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

}  // namespace

std::string process_name(std::string_view role) {
    return std::string(role) + "-" + host_name() + "-" + std::to_string(::getpid());
}

telegram::TelegramOptions telegram_options(const Config& config, std::string token) {
    telegram::TelegramOptions options;
    options.token = std::move(token);
    options.api_base = config.telegram_api_url;
    options.local_files = config.telegram_local_files;
    options.proxy = config.telegram_outgoing.proxy;
    options.proxy_of_plain_http = config.telegram_outgoing.proxy_of_plain_http;
    options.no_proxy = config.telegram_outgoing.no_proxy;
    return options;
}

bot::BotOptions bot_options(const Config& config, const std::string& process) {
    bot::BotOptions options;
    options.reply_queue = QueueName("replies." + process);
    options.process_name = process;
    if (config.webhook)
        options.webhook = telegram::Webhook{.url = config.webhook->url + "/telegram/webhook",
                                            .secret_token = config.webhook->secret};
    options.ask_above = config.ask_above;
    options.largest_file = static_cast<std::int64_t>(config.largest_file);
    options.start = {config.start_balance, config.grants_per_hour};
    options.task_time_limit = config.task_time_limit;
    return options;
}

WorkerOptions worker_options(const Config& config, const std::string& process) {
    WorkerOptions options;
    options.name = process;
    options.concurrency = config.worker_concurrency;
    options.lease = config.lease;
    options.heartbeat = config.lease / heartbeats_per_lease;
    options.drain = config.shutdown_timeout * 4 / 5;
    options.ask_above = config.ask_above;
    options.limits.largest_file = config.largest_file;
    if (config.producer_grant) options.start = {config.start_balance, config.grants_per_hour};
    options.time_limit = config.task_time_limit;
    options.credit_worth = config.credit_worth;
    return options;
}

}  // namespace mlbilling
