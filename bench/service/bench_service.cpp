// Tasks per second through the whole embedded service: the real bot, worker, upkeep, in-process
// queue, SQLite with durable commits and result files, against a Telegram and a provider without
// latency. usage: bench_service [tasks] [outstanding] [users]
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "adapters/files/result_store.hpp"
#include "adapters/inprocess/broker.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "base/log.hpp"
#include "bot/bot.hpp"
#include "ports/all.hpp"
#include "protocol/outbox_publisher.hpp"
#include "service/scripted_outside.hpp"
#include "support/temporary_directory.hpp"
#include "upkeep/outbox_relay.hpp"
#include "upkeep/sweeper.hpp"
#include "worker/worker.hpp"

namespace mlbilling::bench {
namespace {

struct Figures {
    std::int64_t tasks = 20'000;
    std::int64_t outstanding = 256;
    std::int64_t users = 1'000;
};

bot::BotOptions bot_options() {
    bot::BotOptions options;
    options.reply_queue = QueueName("replies.bench");
    options.start = {Credits(1'000'000)};
    return options;
}

WorkerOptions worker_options() {
    WorkerOptions options;
    options.name = "bench";
    return options;
}

class Service {
  public:
    explicit Service(const Figures& figures)
        : telegram_(figures.tasks, figures.outstanding, figures.users) {}

    void run();
    std::int64_t commits() const { return store_.commits(); }

  private:
    Async<void> live();
    Async<void> stop_when_finished();

    test::TemporaryDirectory directory_;
    boost::asio::io_context loop_{1};
    SystemClock clock_{loop_.get_executor()};
    SystemRandom random_;
    prometheus_text::PrometheusMetrics metrics_{"bench", "scripted"};
    sqlite::SqliteStore store_{
        {.path = (directory_.path() / "book.db").string()}, loop_.get_executor(), clock_};
    files::FileResultStore results_{directory_.path() / "results"};
    inprocess::InProcessBroker broker_{{.task_capacity = 192}};
    ScriptedTelegram telegram_;
    ScriptedSpeech speech_;
    ScriptedCodec codec_;
    OutboxPublisher publisher_{broker_, store_};
    OutboxRelay relay_{store_, broker_, publisher_, clock_, random_};
    Sweeper sweeper_{store_, results_, clock_, random_, metrics_};
    bot::Bot bot_{{store_, store_, store_, store_, telegram_, broker_, results_, speech_, codec_,
                   clock_, random_, metrics_, publisher_},
                  bot_options()};
    Worker worker_{{store_, store_, broker_, telegram_, speech_, codec_, results_, clock_, random_,
                    metrics_, publisher_},
                   worker_options()};
};

Async<void> Service::stop_when_finished() {
    while (!telegram_.finished()) co_await clock_.sleep(Duration(5));
    bot_.stop();
    worker_.stop();
    relay_.stop();
    sweeper_.stop();
}

Async<void> Service::live() {
    std::vector<Async<void>> loops;
    loops.push_back(bot_.run());
    loops.push_back(worker_.run());
    loops.push_back(relay_.run());
    loops.push_back(sweeper_.run());
    loops.push_back(stop_when_finished());
    co_await all(std::move(loops));
}

void Service::run() {
    std::exception_ptr failure;
    boost::asio::co_spawn(loop_, live(), [&](std::exception_ptr error) {
        failure = error;
        loop_.stop();
    });
    loop_.run();
    if (failure) std::rethrow_exception(failure);
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace
}  // namespace mlbilling::bench

int main(int argc, char** argv) {
    using namespace mlbilling;
    bench::Figures figures;
    if (argc > 1) figures.tasks = std::atoll(argv[1]);
    if (argc > 2) figures.outstanding = std::atoll(argv[2]);
    if (argc > 3) figures.users = std::atoll(argv[3]);
    log::configure(log::Level::warning, log::Format::text);
    bench::Service service(figures);
    const auto started = std::chrono::steady_clock::now();
    const auto cpu_before = bench::cpu_seconds();
    service.run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    const auto tasks = static_cast<double>(figures.tasks);
    std::printf(
        "%.0f tasks in %.1f s: %.0f tasks/s, %.2f CPU seconds per 1000 tasks, "
        "%.1f tasks per commit\n",
        tasks, elapsed.count(), tasks / elapsed.count(),
        (bench::cpu_seconds() - cpu_before) * 1000 / tasks,
        tasks / static_cast<double>(service.commits()));
    return 0;
}
