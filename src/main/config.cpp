#include "main/config.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <charconv>
#include <functional>

namespace mlbilling {
namespace {

/// Reads variables one by one and keeps the first problem.
class Reader {
  public:
    explicit Reader(const Environment& environment) : environment_(environment) {}

    std::optional<std::string> text(const std::string& name, const std::string& alias = "") const {
        for (const auto& candidate : {name, alias})
            if (const auto found = environment_.find(candidate);
                found != environment_.end() && !found->second.empty())
                return found->second;
        return std::nullopt;
    }

    void number(const std::string& name, std::int64_t low, std::int64_t high,
                const std::function<void(std::int64_t)>& set) {
        const auto value = text(name);
        if (!value) return;
        std::int64_t parsed = 0;
        const auto [end, error] =
            std::from_chars(value->data(), value->data() + value->size(), parsed);
        if (error != std::errc() || end != value->data() + value->size() || parsed < low ||
            parsed > high)
            return refuse(name, "is not a whole number from " + std::to_string(low) + " to " +
                                    std::to_string(high));
        set(parsed);
    }

    /// The value must be one of those that this version knows.
    void choice(const std::string& name, std::initializer_list<std::string_view> known) {
        const auto value = text(name);
        if (!value || std::find(known.begin(), known.end(), *value) != known.end()) return;
        std::string list;
        for (const auto& option : known) list += (list.empty() ? "" : ", ") + std::string(option);
        refuse(name, "is not one of: " + list);
    }

    void refuse(const std::string& name, const std::string& why) {
        if (!problem_) problem_ = Problem{name + " " + why};
    }

    const std::optional<Problem>& problem() const { return problem_; }

  private:
    const Environment& environment_;
    std::optional<Problem> problem_;
};

bool is_token(std::string_view token) {
    const auto colon = token.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 20 || token.size() > 200)
        return false;
    const auto id = token.substr(0, colon);
    const auto secret = token.substr(colon + 1);
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return id.find_first_not_of("0123456789") == std::string_view::npos && secret.size() >= 3 &&
           secret.find_first_not_of(alphabet) == std::string_view::npos;
}

void read_telegram(Reader& reader, Config& config) {
    config.telegram_token = reader.text("TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN");
    if (config.telegram_token && !is_token(*config.telegram_token))
        reader.refuse("TELEGRAM_BOT_TOKEN",
                      "does not look like a token from BotFather (123456:ABC...)");
    if (const auto url = reader.text("TELEGRAM_API_URL")) {
        const auto parsed = boost::urls::parse_uri(*url);
        const bool usable = parsed && !parsed->host().empty() && !parsed->has_query() &&
                            (parsed->scheme() == "http" || parsed->scheme() == "https");
        if (!usable) reader.refuse("TELEGRAM_API_URL", "is not an http:// or https:// address");
        config.telegram_api_url = url->ends_with('/') ? url->substr(0, url->size() - 1) : *url;
    }
    reader.choice("TELEGRAM_MODE", {"polling"});
    for (const std::string name : {"TELEGRAM_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) {
        const auto proxy = reader.text(name);
        if (!proxy || !config.telegram_proxy.empty()) continue;
        const auto parsed = boost::urls::parse_uri(*proxy);
        const bool usable = parsed && !parsed->host().empty() &&
                            (parsed->scheme() == "http" || parsed->scheme() == "socks5h" ||
                             parsed->scheme() == "socks5");
        if (!usable) reader.refuse(name, "is not an http:// or socks5h:// proxy address");
        config.telegram_proxy = *proxy;
    }
}

void read_admins(Reader& reader, Config& config) {
    const auto list = reader.text("ADMIN_TELEGRAM_IDS");
    if (!list) return;
    std::string_view rest = *list;
    while (!rest.empty()) {
        auto item = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), item.size() + 1));
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), id);
        if (error != std::errc() || end != item.data() + item.size() || id <= 0)
            return reader.refuse("ADMIN_TELEGRAM_IDS",
                                 "is not a comma-separated list of Telegram ids");
        config.admins.emplace_back(id);
    }
}

void read_storage(Reader& reader, Config& config) {
    if (const auto url = reader.text("DATABASE_URL")) {
        if (!url->starts_with("sqlite:") || url->size() == 7)
            reader.refuse("DATABASE_URL",
                          "is not sqlite:FILE, the only kind that this version stores in");
        else
            config.database_path = url->substr(7);
    }
    if (reader.text("RABBITMQ_URL"))
        reader.refuse("RABBITMQ_URL",
                      "is set, but this version has only the in-process queue; unset it");
    if (const auto url = reader.text("RESULT_STORE_URL")) {
        if (!url->starts_with("file:") || url->size() == 5)
            reader.refuse("RESULT_STORE_URL", "is not file:DIRECTORY");
        else
            config.results_directory = url->substr(5);
    }
    reader.choice("SPEECH_PROVIDER", {"local"});
}

void read_listen(Reader& reader, const std::string& name, ListenAddress& address) {
    const auto value = reader.text(name);
    if (!value) return;
    const auto colon = value->rfind(':');
    unsigned port = 0;
    const char* first = value->data() + (colon == std::string::npos ? 0 : colon + 1);
    const char* last = value->data() + value->size();
    const auto [end, error] = std::from_chars(first, last, port);
    const bool usable = colon != std::string::npos && colon > 0 && error == std::errc() &&
                        end == last && port <= 65535;
    if (!usable) return reader.refuse(name, "is not HOST:PORT");
    address = {value->substr(0, colon), static_cast<std::uint16_t>(port)};
}

void read_logging(Reader& reader, Config& config, bool terminal) {
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
    Reader reader(environment);
    Config config;
    read_telegram(reader, config);
    read_storage(reader, config);
    read_admins(reader, config);
    read_listen(reader, "HTTP_LISTEN", config.http_listen);
    read_listen(reader, "SANDBOX_LISTEN", config.sandbox_listen);
    read_logging(reader, config, stderr_is_terminal);
    reader.number("START_BALANCE", 0, 1'000'000,
                  [&](auto n) { config.start_balance = Credits(n); });
    reader.number("ASK_ABOVE", 0, Credits::limit, [&](auto n) { config.ask_above = Credits(n); });
    reader.number("WORKER_CONCURRENCY", 1, 4096,
                  [&](auto n) { config.worker_concurrency = static_cast<int>(n); });
    reader.number("LEASE_S", 1, 600, [&](auto n) { config.lease = Duration(n * 1000); });
    reader.number("TASK_TIME_LIMIT_S", 10, 86'400,
                  [&](auto n) { config.task_time_limit = Duration(n * 1000); });
    config.backup_directory = reader.text("BACKUP_DIRECTORY").value_or(config.backup_directory);
    reader.number("BACKUP_KEEP_DAYS", 1, 10'000,
                  [&](auto n) { config.backup_keep_days = static_cast<int>(n); });
    reader.number("SHUTDOWN_TIMEOUT_S", 1, 600,
                  [&](auto n) { config.shutdown_timeout = Duration(n * 1000); });
    if (reader.problem()) return *reader.problem();
    return config;
}

}  // namespace mlbilling
