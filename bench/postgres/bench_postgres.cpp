// How many tasks per second PostgreSQL holds, leases and settles when accept and settle wait for
// the disk, for many users and for one; beside pgbench and the disk of the same machine.
//
// usage: bench_postgres [seconds] [in flight] [old tasks]
//
// One pair is a hold (accept) and its settlement (lease and complete): what one task costs the
// book. With old tasks, so many are then added to the book and what a pair costs is measured again.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/postgres/postgres_store.hpp"
#include "old_tasks.hpp"
#include "server_load.hpp"
#include "support/migrated_postgres.hpp"

namespace mlbilling::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t all_users = 100'000;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

/// As a server on such a machine would be set up; every commit waits for the disk.
test::PostgresSettings server_settings() {
    return {.durable = true,
            .lines = {"shared_buffers = 1GB", "max_wal_size = 4GB", "wal_compression = lz4",
                      "checkpoint_timeout = 15min"}};
}

/// Users with more credits than any run spends.
void register_users(const test::PostgresDatabase& database) {
    database.execute(
        "INSERT INTO users (telegram_id, language, created_at) "
        "SELECT g, 'en', now() FROM generate_series(1, " +
        std::to_string(all_users) + ") g");
    database.execute(
        "INSERT INTO balances (user_id, balance, sequence, updated_at) "
        "SELECT id, 2000000000, 1, now() FROM users");
    database.execute(
        "INSERT INTO transactions (user_id, amount, type, created_at, sequence, balance_after, "
        "idempotency_key, actor, reason) SELECT id, 2000000000, 'grant', now(), 1, 2000000000, "
        "'registration:' || id, 'bot', 'registration' FROM users");
    database.execute("VACUUM ANALYZE");
    database.execute("CHECKPOINT");
}

postgres::Options options_for(const std::string& url) {
    postgres::Options options;
    options.url = url;
    return options;
}

struct Load {
    std::int64_t users = 1;
    int in_flight = 1;
    double seconds = 1;
};

/// Keeps `in_flight` tasks going at once until the time is up.
class Run {
  public:
    Run(const std::string& url, const Load& load, std::int64_t first_task)
        : load_(load), store_(options_for(url), loop_.get_executor()), tasks_(first_task) {}

    void measure(const test::PostgresServer& server) {
        const auto own_before = own_seconds();
        const auto server_before = server_seconds(server);
        start_ = Steady::now();
        for (int i = 0; i < load_.in_flight; ++i)
            boost::asio::co_spawn(loop_, keep_going(), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
        loop_.run();
        elapsed_ = seconds_since(start_);
        own_ = own_seconds() - own_before;
        server_ = server_seconds(server) - server_before;
        std::ranges::sort(milliseconds_);
    }

    void print() const {
        const auto pairs = static_cast<double>(milliseconds_.size());
        std::printf("%9d %8lld %10.0f %10.2f %10.2f %14.1f %14.1f\n", load_.in_flight,
                    static_cast<long long>(load_.users), pairs / elapsed_, percentile(50),
                    percentile(99), own_ / pairs * 1e6, server_ / pairs * 1e6);
    }

    std::int64_t tasks() const { return tasks_; }
    /// Processor time of the server and of this process for each pair.
    double cost() const { return (own_ + server_) / static_cast<double>(milliseconds_.size()); }

  private:
    double percentile(std::size_t percent) const {
        return milliseconds_.empty() ? 0
                                     : milliseconds_[(milliseconds_.size() - 1) * percent / 100];
    }

    Async<void> keep_going() {
        while (seconds_since(start_) < load_.seconds) {
            const auto before = Steady::now();
            co_await run_task(++tasks_);
            milliseconds_.push_back(seconds_since(before) * 1'000);
        }
    }

    TaskRequest request_of(std::int64_t number) const {
        TaskRequest request;
        request.update = UpdateKey{BotId(1), UpdateId(number)};
        // Spread over the users, as chance would.
        request.sender.telegram = TelegramId(number * 7'919 % load_.users + 1);
        request.id =
            TaskId(std::to_string(request.sender.telegram.value()) + '_' + std::to_string(number));
        request.data = std::string(120, 'a');
        request.claimed = Units(120);
        request.place = Place{ChatId(request.sender.telegram.value()), MessageId(number)};
        request.time_limit = Duration(600'000);
        return request;
    }

    Async<void> run_task(std::int64_t number) {
        auto request = request_of(number);
        const auto id = request.id;
        co_await store_.accept(std::move(request));
        const auto leased = std::get<Leased>(co_await store_.lease(id, "bench", Duration(45'000)));
        Completion completion;
        completion.task = id;
        completion.epoch = leased.task.epoch;
        completion.measured = Units(120);
        completion.charge = leased.task.held;
        completion.result.parts = {{ResultKey(id.value() + "/1/0.ogg"), Duration(9'000)}};
        completion.spending.provider = "bench";
        const auto settled = co_await store_.complete(std::move(completion));
        if (!std::holds_alternative<Settled>(settled))
            throw std::logic_error("a task was not settled");
    }

    Load load_;
    boost::asio::io_context loop_;
    postgres::PostgresStore store_;
    std::int64_t tasks_;
    Steady::time_point start_;
    double elapsed_ = 0;
    double own_ = 0;
    double server_ = 0;
    std::vector<double> milliseconds_;
};

/// Runs on one database, one after the other.
class Bench {
  public:
    Bench(test::PostgresServer& server, double seconds)
        : server_(server), database_(server), seconds_(seconds) {
        test::migrate(database_.url());
        register_users(database_);
        std::printf("%9s %8s %10s %10s %10s %14s %14s\n", "in flight", "users", "pairs/s", "p50 ms",
                    "p99 ms", "own us/pair", "server us/pair");
    }

    /// What a pair costs.
    double measure(int in_flight, std::int64_t users) {
        Run run(database_.url(), {users, in_flight, seconds_}, tasks_);
        run.measure(server_);
        run.print();
        std::fflush(stdout);
        tasks_ = run.tasks();
        return run.cost();
    }

    /// Measures again when the book is full of old tasks.
    void measure_full(int in_flight, std::int64_t old_tasks) {
        const auto before = measure(in_flight, all_users);
        add_old_tasks(database_, old_tasks);
        const auto after = measure(in_flight, all_users);
        std::printf("with %lld old tasks a pair costs %.2f times as much\n",
                    static_cast<long long>(old_tasks), after / before);
    }

  private:
    test::PostgresServer& server_;
    test::PostgresDatabase database_;
    double seconds_;
    std::int64_t tasks_ = 0;
};

void measure(double seconds, int most_in_flight, std::int64_t old_tasks) {
    test::PostgresServer server(server_settings());
    std::printf("disk: %.0f durable 4 KiB appends per second\n",
                syncs_per_second(std::filesystem::temp_directory_path(), 1));
    std::printf("pgbench -N, 16 clients: %.0f transactions per second\n",
                pgbench_rate(server, 16, static_cast<int>(seconds)));
    Bench bench(server, seconds);
    if (old_tasks > 0) return bench.measure_full(most_in_flight, old_tasks);
    for (const int in_flight : {1, 100, most_in_flight})
        for (const std::int64_t users : {all_users, std::int64_t{1}})
            bench.measure(in_flight, users);
}

}  // namespace
}  // namespace mlbilling::bench

int main(int argc, char** argv) {
    try {
        mlbilling::bench::measure(argc > 1 ? std::atof(argv[1]) : 10,
                                  argc > 2 ? std::atoi(argv[2]) : 2'000,
                                  argc > 3 ? std::atoll(argv[3]) : 0);
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_postgres: %s\n", failure.what());
        return 1;
    }
}
