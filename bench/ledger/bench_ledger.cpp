// How many tasks per second SQLite holds, leases and settles when every commit waits for the disk.
//
// usage: bench_ledger [directory] [seconds]
//
// One pair is a hold (accept) and its settlement (lease and complete): what one task costs the
// book.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/sqlite/sqlite_store.hpp"

namespace mlbilling {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

class WallClock final : public Clock {
  public:
    Time now() const override {
        return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    }
    Async<void> sleep(Duration) override { throw std::logic_error("nothing sleeps here"); }
    std::unique_ptr<Alarm> ring_after(Duration, std::function<void()>) override {
        throw std::logic_error("nothing waits here");
    }
};

/// A directory of its own below `parent`, removed at the end.
class Directory {
  public:
    explicit Directory(const std::filesystem::path& parent) {
        std::string name = (parent / "bench-ledger-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot write in " + parent.string());
        path_ = name;
    }
    ~Directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

/// What a commit costs at least: appends and fdatasync calls per second.
double syncs_per_second(const Directory& directory, double seconds) {
    const int file = ::open(directory.file("sync").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("cannot write in the directory");
    const std::string page(4096, 'x');
    const auto start = Steady::now();
    int syncs = 0;
    while (seconds_since(start) < seconds) {
        if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) break;
        ++syncs;
    }
    const double elapsed = seconds_since(start);
    ::close(file);
    return syncs / elapsed;
}

struct Load {
    int in_flight = 1;
    std::int64_t users = 1;
};

/// Keeps `in_flight` tasks going at once until the time is up.
class Run {
  public:
    Run(const std::string& path, const Load& load, double seconds)
        : load_(load), seconds_(seconds), store_({.path = path}, loop_.get_executor(), clock_) {}

    void measure() {
        boost::asio::co_spawn(loop_, register_users(), boost::asio::detached);
        loop_.run();
        loop_.restart();
        const auto commits_before = store_.commits();
        start_ = Steady::now();
        for (int i = 0; i < load_.in_flight; ++i)
            boost::asio::co_spawn(loop_, keep_going(), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
        loop_.run();
        elapsed_ = seconds_since(start_);
        commits_ = store_.commits() - commits_before;
        std::ranges::sort(milliseconds_);
    }

    void print() const {
        std::printf("%9d %8lld %12.0f %15.0f %14.1f %10.2f %10.2f\n", load_.in_flight,
                    static_cast<long long>(load_.users), rate(milliseconds_.size()),
                    rate(static_cast<std::size_t>(commits_)), operations_per_commit(),
                    percentile(50), percentile(99));
    }

  private:
    double rate(std::size_t count) const { return static_cast<double>(count) / elapsed_; }
    double operations_per_commit() const {
        return 3.0 * static_cast<double>(milliseconds_.size()) / static_cast<double>(commits_);
    }
    double percentile(std::size_t percent) const {
        return milliseconds_.empty() ? 0
                                     : milliseconds_[(milliseconds_.size() - 1) * percent / 100];
    }

    Sender sender(std::int64_t number) const {
        return {TelegramId(number % load_.users + 1), "", Language::english};
    }

    Async<void> register_users() {
        for (std::int64_t user = 0; user < load_.users; ++user)
            co_await store_.answer({{BotId(1), UpdateId(++updates_)},
                                    sender(user),
                                    Place{ChatId(user + 1), std::nullopt},
                                    Notice{},
                                    std::nullopt,
                                    {Credits(1'000'000'000)}});
    }

    Async<void> keep_going() {
        while (seconds_since(start_) < seconds_) {
            const auto before = Steady::now();
            co_await run_task(++tasks_);
            milliseconds_.push_back(seconds_since(before) * 1'000);
        }
    }

    Async<void> run_task(std::int64_t number) {
        TaskRequest request;
        request.update = UpdateKey{BotId(1), UpdateId(++updates_)};
        request.sender = sender(number);
        request.id = TaskId(std::to_string(number));
        request.data = std::string(120, 'a');
        request.claimed = Units(120);
        request.place = Place{ChatId(request.sender.telegram.value()), MessageId(number)};
        request.time_limit = Duration(600'000);
        co_await store_.accept(std::move(request));
        const TaskId id(std::to_string(number));
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
    double seconds_;
    WallClock clock_;
    boost::asio::io_context loop_;
    sqlite::SqliteStore store_;
    Steady::time_point start_;
    double elapsed_ = 0;
    std::int64_t updates_ = 0;
    std::int64_t tasks_ = 0;
    std::int64_t commits_ = 0;
    std::vector<double> milliseconds_;
};

void bench(const std::filesystem::path& parent, double seconds) {
    const Directory directory(parent);
    std::printf("disk: %.0f durable 4 KiB appends per second\n", syncs_per_second(directory, 1));
    std::printf("%9s %8s %12s %15s %14s %10s %10s\n", "in flight", "users", "pairs/s", "commits/s",
                "operations/c", "p50 ms", "p99 ms");
    for (const std::int64_t users : {1'000, 1})
        for (const int in_flight : {1, 16, 256}) {
            const auto name = std::to_string(users) + "-" + std::to_string(in_flight) + ".db";
            Run run(directory.file(name), {in_flight, users}, seconds);
            run.measure();
            run.print();
        }
}

}  // namespace
}  // namespace mlbilling

int main(int argc, char** argv) {
    try {
        mlbilling::bench(argc > 1 ? argv[1] : ".", argc > 2 ? std::atof(argv[2]) : 5);
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_ledger: %s\n", failure.what());
        return 1;
    }
}
