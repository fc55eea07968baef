#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "adapters/rabbitmq/address.hpp"
#include "adapters/s3/s3_options.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/micro_roubles.hpp"
#include "main/addresses.hpp"
#include "main/environment.hpp"
#include "main/speech_config.hpp"

namespace mlbilling {

struct SqliteFile {
    /// In a folder that is the service's own.
    static constexpr const char* usual_path = "data/mlbilling.db";
    std::string path = usual_path;
};
struct PostgresUrl {
    /// Holds a password: never shown.
    std::string url;
};
using DatabaseUrl = std::variant<SqliteFile, PostgresUrl>;

struct ResultDirectory {
    std::string path;
};
using ResultsUrl = std::variant<ResultDirectory, s3::S3Options>;

/// Telegram sends the updates to us.
struct Webhook {
    /// Public address, without the path.
    std::string url;
    std::string secret;
};

/// Everything that the environment says, checked once (interface.md, Configuration).
struct Config {
    /// Absent: the Telegram sandbox stands in.
    std::optional<std::string> telegram_token;
    std::string telegram_api_url = "https://api.telegram.org";
    /// Directory of a Bot API server that runs with --local on this machine; empty: none does.
    std::string telegram_local_files;
    /// Bytes of a recording; Telegram itself gives bots no more than 20 MB (telegram.md 1.5).
    std::size_t largest_file = std::size_t{20} << 20;
    /// For calls to Telegram.
    HttpOptions telegram_outgoing;
    /// For calls to all others.
    HttpOptions outgoing;
    /// Absent: polling.
    std::optional<Webhook> webhook;
    DatabaseUrl database{SqliteFile{}};
    /// For reports, when it is set; PostgreSQL only. Never asked about money that is to be spent.
    std::string database_replica;
    /// Empty: the queue is in the process.
    std::vector<rabbitmq::Address> rabbitmq;
    ResultsUrl results{ResultDirectory{"data/results"}};
    std::string backup_directory = "data/backups";
    int backup_keep_days = 30;
    /// Absent: the command's own default.
    std::optional<ListenAddress> http_listen;
    /// The webhook's own; absent: it is served where the probes are.
    std::optional<ListenAddress> webhook_listen;
    SpeechConfig speech;
    ListenAddress sandbox_listen{"127.0.0.1", 8090};
    std::vector<TelegramId> admins;
    Credits start_balance{20};
    /// Starting grants within an hour at most; 0: no limit.
    int grants_per_hour = 500;
    /// Whether a user whom another producer names is granted, too.
    bool producer_grant = false;
    /// The bot asks before it starts a task that costs more.
    Credits ask_above{50};
    /// What a credit is worth to the operator: a fallback provider that would cost more than the
    /// hold is worth is not asked. Absent: it always is.
    std::optional<MicroRoubles> credit_worth;
    int worker_concurrency = 64;
    /// Decoders and synthesisers that run at the same time; more only wait for the processor.
    int child_processes = 4;
    Duration lease{15'000};
    Duration task_time_limit{3'600'000};
    log::Level log_level = log::Level::info;
    log::Format log_format = log::Format::text;
    Duration shutdown_timeout{25'000};
    /// What is understood, and may not be what was meant: told at the start and by doctor.
    std::vector<std::string> warnings;
};

/// A problem names the variable, what is wrong with it and how to mend it, and never shows a
/// secret's value. `stderr_is_terminal` chooses LOG_FORMAT's default.
Result<Config> parse_config(const Environment& environment, bool stderr_is_terminal);

/// What `bot` or `worker` needs and the configuration lacks.
std::optional<Problem> missing_for_production(const Config& config, std::string_view command);
/// What `serve` cannot work with.
std::optional<Problem> unfit_for_serve(const Config& config);

}  // namespace mlbilling
