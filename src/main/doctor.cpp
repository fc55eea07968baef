#include "main/doctor.hpp"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <filesystem>

#include "adapters/child_process/child_process.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "base/redaction.hpp"
#include "main/open_broker.hpp"
#include "main/open_results.hpp"
#include "main/open_store.hpp"
#include "main/run_to_end.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"

namespace mlbilling {
namespace {

bool is_missing(const DatabaseUrl& database) {
    const auto* file = std::get_if<SqliteFile>(&database);
    return file != nullptr && !std::filesystem::exists(file->path);
}

/// Its version, or why it cannot be used.
Async<std::optional<Result<std::string>>> look_at(rabbitmq::RabbitmqBroker* broker) {
    auto found = co_await broker->check();
    co_await broker->close();
    co_return found;
}

/// Writes a blob, reads it back and removes it.
Async<bool> keeps_what_it_is_given(ResultStore* results) {
    const ResultKey key("doctor/probe");
    co_await results->put(key, "probe");
    auto blob = co_await results->open(key);
    const bool kept = blob && co_await read_to_end(std::move(blob)) == "probe";
    co_await results->remove(key);
    co_return kept;
}

}  // namespace

void Doctor::good(const std::string& what, const std::string& detail) {
    write("ok      " + what + ": " + detail);
}

void Doctor::note(const std::string& what, const std::string& detail) {
    write("note    " + what + ": " + detail);
}

void Doctor::broken(const std::string& what, const std::string& detail, const std::string& fix) {
    healthy_ = false;
    write("BROKEN  " + what + ": " + detail + "; " + fix);
}

void Doctor::write(const std::string& line) {
    out_ << log::without_secrets(line) << '\n' << std::flush;
}

bool Doctor::examine() {
    examine_configuration();
    examine_database();
    examine_ledger();
    examine_backup();
    examine_broker();
    examine_results();
    run_to_end(loop_, examine_telegram());
    examine_cages();
    examine_speech();
    return healthy_;
}

void Doctor::examine_configuration() {
    for (const auto& warning : config_.warnings) note("configuration", warning);
    if (config_.warnings.empty()) good("configuration", "every variable is understood");
}

void Doctor::examine_database() {
    const auto name = describe_database(config_.database);
    if (is_missing(config_.database))
        return note("database", name + " is not there yet; mlbilling serve makes it");
    try {
        store_ = open_store(config_, Schema::check, loop_, clock_);
        const auto sums = run_to_end(loop_, store_->statistics());
        // Nobody's: a write that changes nothing.
        run_to_end(loop_, store_->release_poll_lease(BotId(0), "doctor"));
        good("database", name + ", newest schema, " + std::to_string(sums.users) + " users");
    } catch (const std::exception& error) {
        store_.reset();
        broken("database", error.what(), "check DATABASE_URL, and that the server runs");
    }
}

void Doctor::examine_ledger() {
    if (!store_) return;
    try {
        const auto violations = run_to_end(loop_, store_->verify());
        const auto sums = run_to_end(loop_, store_->statistics());
        if (violations.empty())
            good("ledger", std::to_string(sums.balance_total) + " credits, sums to the balances");
        else
            broken("ledger", std::to_string(violations.size()) + " broken promises",
                   "stop the service and run mlbilling admin ledger verify");
    } catch (const std::exception& error) {
        broken("ledger", error.what(), "check the database");
    }
}

void Doctor::examine_backup() {
    if (!store_) return;
    constexpr std::chrono::hours oldest{26};
    std::optional<Time> last;
    try {
        last = run_to_end(loop_, store_->last_backup());
    } catch (const std::exception& error) {
        return broken("backup", error.what(), "check the database");
    }
    if (!last) return note("backup", "there is none; make one with mlbilling admin backup");
    const auto age = std::chrono::duration_cast<std::chrono::hours>(clock_.now() - *last);
    const auto detail = "the last was made " + std::to_string(age.count()) + " hours ago";
    if (age <= oldest)
        good("backup", detail);
    else
        broken("backup", detail, "run mlbilling admin backup and see why it did not run by itself");
}

void Doctor::examine_broker() {
    if (config_.rabbitmq.empty())
        return note("queue", "no RABBITMQ_URL, so serve has its queue in the process");
    rabbitmq::RabbitmqBroker broker(loop_.get_executor(), config_.rabbitmq,
                                    broker_options(config_, process_name("doctor")), random_);
    const auto found = run_to_end(loop_, look_at(&broker)).value();
    if (found)
        good("queue", "RabbitMQ " + *found);
    else
        broken("queue", found.error().message, "check RABBITMQ_URL, and that the broker runs");
}

void Doctor::examine_results() {
    try {
        const auto results = open_results(config_, loop_.get_executor(), clock_, random_);
        if (run_to_end(loop_, keeps_what_it_is_given(results.get())))
            good("results", "audio is written, read and removed");
        else
            broken("results", "what was written did not come back", "check RESULT_STORE_URL");
    } catch (const std::exception& error) {
        broken("results", error.what(), "check RESULT_STORE_URL, and that it may be written to");
    }
}

Async<void> Doctor::examine_telegram() {
    if (!config_.telegram_token) {
        note("telegram", "no TELEGRAM_BOT_TOKEN, so serve starts the sandbox with its chat page");
        co_return;
    }
    prometheus_text::PrometheusMetrics metrics(version, config_.speech.providers.front());
    telegram::TelegramApi api(loop_.get_executor(), clock_, metrics,
                              telegram_options(config_, *config_.telegram_token));
    if (const auto& local = config_.telegram_local_files;
        !local.empty() && ::access(local.c_str(), R_OK | X_OK) != 0)
        broken("telegram files", "TELEGRAM_LOCAL_FILES cannot be read",
               "give this user the right to read the directory of the local Bot API server");
    const auto identity = co_await api.get_me();
    if (identity)
        good("telegram", "the token belongs to @" + identity->username);
    else if (identity.error().failure == telegram::Failure::unauthorized)
        broken("telegram", "the token is not valid",
               "ask @BotFather for a new one and set TELEGRAM_BOT_TOKEN");
    else
        broken("telegram", identity.error().description,
               "check the network, TELEGRAM_API_URL and TELEGRAM_PROXY");
}

void Doctor::examine_cages() {
    const auto what = "decoders are caged by " + child_process::describe_cages();
    if (child_process::cages_hide_files())
        good("cage", what);
    else
        note("cage", what + " (docs/security.md)");
}

}  // namespace mlbilling
