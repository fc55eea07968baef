#include "main/config.hpp"

#include <charconv>

#include "main/config_reader.hpp"
#include "main/config_sections.hpp"

namespace mlbilling {
namespace {

constexpr std::string_view secret_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

bool is_token(std::string_view token) {
    const auto colon = token.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 20 || token.size() > 200)
        return false;
    const auto id = token.substr(0, colon);
    const auto secret = token.substr(colon + 1);
    return id.find_first_not_of("0123456789") == std::string_view::npos && secret.size() >= 3 &&
           secret.find_first_not_of(secret_alphabet) == std::string_view::npos;
}

/// What Telegram takes as secret_token; shorter than 128 bits it could be guessed.
bool is_webhook_secret(std::string_view secret) {
    return secret.size() >= 22 && secret.size() <= 256 &&
           secret.find_first_not_of(secret_alphabet) == std::string_view::npos;
}

void read_webhook(ConfigReader& reader, Config& config) {
    reader.choice("TELEGRAM_MODE", {"polling", "webhook"});
    if (reader.text("TELEGRAM_MODE").value_or("polling") != "webhook") return;
    Webhook webhook;
    reader.web_address("WEBHOOK_URL", webhook.url);
    if (webhook.url.empty()) reader.refuse("WEBHOOK_URL", "is needed for TELEGRAM_MODE=webhook");
    webhook.secret = reader.text("WEBHOOK_SECRET").value_or("");
    if (!is_webhook_secret(webhook.secret))
        reader.refuse("WEBHOOK_SECRET",
                      "is needed for TELEGRAM_MODE=webhook: 22 to 256 of A-Z a-z 0-9 _ -, e.g. "
                      "from openssl rand -hex 32");
    config.webhook = std::move(webhook);
}

void read_local_server(ConfigReader& reader, Config& config) {
    config.telegram_local_files = reader.text("TELEGRAM_LOCAL_FILES").value_or("");
    const bool local = !config.telegram_local_files.empty();
    if (local && !config.telegram_local_files.starts_with('/'))
        reader.refuse("TELEGRAM_LOCAL_FILES",
                      "is not the absolute path of the directory of a local Bot API server");
    reader.number("TELEGRAM_LARGEST_FILE_MB", 1, 200, [&](auto n) {
        if (n > 20 && !local)
            reader.refuse("TELEGRAM_LARGEST_FILE_MB",
                          "is more than the 20 MB that Telegram gives; only a local Bot API server "
                          "gives more: set TELEGRAM_LOCAL_FILES");
        config.largest_file = static_cast<std::size_t>(n) << 20;
    });
}

void read_telegram(ConfigReader& reader, Config& config) {
    config.telegram_token = reader.text("TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN");
    if (config.telegram_token && !is_token(*config.telegram_token))
        reader.refuse("TELEGRAM_BOT_TOKEN",
                      "does not look like a token from BotFather (123456:ABC...)");
    reader.web_address("TELEGRAM_API_URL", config.telegram_api_url);
    read_local_server(reader, config);
    read_webhook(reader, config);
}

/// The first of the variables that is set, in the order in which curl looks at them.
std::optional<std::string> read_proxy(ConfigReader& reader,
                                      std::initializer_list<const char*> names) {
    for (const std::string name : names) {
        const auto text = reader.text(name);
        if (!text) continue;
        auto proxy = parse_proxy(*text);
        if (proxy) return *std::move(proxy);
        reader.refuse(name, proxy.error().message + "; a proxy is http:// or socks5h://");
        return std::nullopt;
    }
    return std::nullopt;
}

/// As curl does: small letters first, and a proxy for https:// is none for http://.
void read_proxies(ConfigReader& reader, Config& config) {
    auto& outgoing = config.outgoing;
    outgoing.proxy =
        read_proxy(reader, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}).value_or("");
    outgoing.proxy_of_plain_http =
        read_proxy(reader, {"http_proxy", "all_proxy", "ALL_PROXY"}).value_or("");
    const auto no_proxy = reader.text("no_proxy");
    outgoing.no_proxy = no_proxy ? *no_proxy : reader.text("NO_PROXY").value_or("");
    config.telegram_outgoing = outgoing;
    if (!reader.is_set("TELEGRAM_PROXY")) return;
    config.telegram_outgoing.proxy = read_proxy(reader, {"TELEGRAM_PROXY"}).value_or("");
    config.telegram_outgoing.proxy_of_plain_http.reset();
}

void read_admins(ConfigReader& reader, Config& config) {
    for (const auto& item : reader.list("ADMIN_TELEGRAM_IDS")) {
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), id);
        if (error != std::errc() || end != item.data() + item.size() || id <= 0)
            return reader.refuse("ADMIN_TELEGRAM_IDS",
                                 "is not a comma-separated list of Telegram ids");
        config.admins.emplace_back(id);
    }
}

void read_listen(ConfigReader& reader, const std::string& name,
                 std::optional<ListenAddress>& address) {
    const auto value = reader.text(name);
    if (!value) return;
    auto parsed = parse_listen_address(*value);
    if (parsed)
        address = *std::move(parsed);
    else
        reader.refuse(name, parsed.error().message);
}

void read_logging(ConfigReader& reader, Config& config, bool terminal) {
    reader.choice("LOG_LEVEL", {"debug", "info", "warning", "error"});
    reader.choice("LOG_FORMAT", {"text", "json"});
    const auto level = reader.text("LOG_LEVEL").value_or("info");
    config.log_level = level == "debug"     ? log::Level::debug
                       : level == "warning" ? log::Level::warning
                       : level == "error"   ? log::Level::error
                                            : log::Level::info;
    const auto format = reader.text("LOG_FORMAT").value_or(terminal ? "text" : "json");
    config.log_format = format == "json" ? log::Format::json : log::Format::text;
}

}  // namespace

Result<Config> parse_config(const Environment& environment, bool stderr_is_terminal) {
    ConfigReader reader(environment);
    Config config;
    read_telegram(reader, config);
    read_proxies(reader, config);
    read_storage(reader, config);
    read_speech(reader, config);
    read_admins(reader, config);
    read_listen(reader, "HTTP_LISTEN", config.http_listen);
    read_listen(reader, "WEBHOOK_LISTEN", config.webhook_listen);
    if (config.webhook_listen && config.webhook_listen == config.http_listen &&
        config.http_listen->port != 0)
        reader.refuse("WEBHOOK_LISTEN", "is the same as HTTP_LISTEN; unset, the webhook is there");
    std::optional<ListenAddress> sandbox;
    read_listen(reader, "SANDBOX_LISTEN", sandbox);
    config.sandbox_listen = sandbox.value_or(config.sandbox_listen);
    read_logging(reader, config, stderr_is_terminal);
    reader.number("START_BALANCE", 0, 1'000'000,
                  [&](auto n) { config.start_balance = Credits(n); });
    reader.number("GRANTS_PER_HOUR", 0, 100'000,
                  [&](auto n) { config.grants_per_hour = static_cast<int>(n); });
    reader.choice("PRODUCER_GRANT", {"on", "off"});
    config.producer_grant = reader.text("PRODUCER_GRANT") == "on";
    reader.number("ASK_ABOVE", 0, Credits::limit, [&](auto n) { config.ask_above = Credits(n); });
    reader.number("CREDIT_WORTH_MICRO_ROUBLES", 0, 1'000'000'000'000,
                  [&](auto n) { config.credit_worth = MicroRoubles(n); });
    reader.number("WORKER_CONCURRENCY", 1, 4096,
                  [&](auto n) { config.worker_concurrency = static_cast<int>(n); });
    reader.seconds("LEASE_S", 1, 600, config.lease);
    reader.seconds("TASK_TIME_LIMIT_S", 10, 86'400, config.task_time_limit);
    reader.path("BACKUP_DIRECTORY", config.backup_directory);
    reader.number("BACKUP_KEEP_DAYS", 1, 10'000,
                  [&](auto n) { config.backup_keep_days = static_cast<int>(n); });
    reader.seconds("SHUTDOWN_TIMEOUT_S", 1, 600, config.shutdown_timeout);
    if (reader.problem()) return *reader.problem();
    return config;
}

std::optional<Problem> missing_for_production(const Config& config, std::string_view command) {
    const auto needs = " is needed for mlbilling " + std::string(command);
    if (!config.telegram_token)
        return Problem{"TELEGRAM_BOT_TOKEN" + needs + ": the token from BotFather"};
    if (!std::holds_alternative<PostgresUrl>(config.database))
        return Problem{"DATABASE_URL" + needs +
                       ": postgresql://user:password@host:port/name; mlbilling serve works with a "
                       "SQLite file"};
    if (config.rabbitmq.empty())
        return Problem{"RABBITMQ_URL" + needs + ": amqp://user:password@host:port/vhost"};
    return std::nullopt;
}

std::optional<Problem> unfit_for_serve(const Config& config) {
    if (!config.rabbitmq.empty())
        return Problem{
            "RABBITMQ_URL is set, but mlbilling serve has its queue in the process: unset "
            "it, or start mlbilling bot and mlbilling worker"};
    if (!config.telegram_token && config.webhook)
        return Problem{"TELEGRAM_MODE=webhook needs TELEGRAM_BOT_TOKEN"};
    return std::nullopt;
}

}  // namespace mlbilling
