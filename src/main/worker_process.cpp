#include "main/worker_process.hpp"

#include <vector>

#include "base/log.hpp"
#include "main/open_broker.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"
#include "ports/all.hpp"

namespace mlbilling {
namespace {

const ListenAddress default_listen{"127.0.0.1", 8082};
constexpr Duration longest_answer_at_the_end{1'000};

}  // namespace

WorkerProcess::WorkerProcess(const Config& config)
    : foundation_(config, Schema::check),
      name_(process_name("worker")),
      broker_(foundation_.loop.get_executor(), config.rabbitmq, broker_options(config, name_),
              foundation_.random),
      publisher_(broker_, *foundation_.store),
      upkeep_(foundation_, broker_, publisher_),
      telegram_(foundation_.loop.get_executor(), foundation_.clock, foundation_.metrics,
                telegram_options(config, *config.telegram_token)),
      worker_({*foundation_.store, *foundation_.store, broker_, telegram_,
               foundation_.engines.speech(), foundation_.codec, *foundation_.results,
               foundation_.clock, foundation_.random, foundation_.metrics, publisher_},
              worker_options(config, name_)),
      endpoints_(
          *foundation_.store, foundation_.metrics, [this] { return why_not_ready(); },
          [this] { return upkeep_.violations(); }),
      http_(foundation_.loop.get_executor(), config.http_listen.value_or(default_listen).host,
            config.http_listen.value_or(default_listen).port,
            [this](HttpRequest request) { return endpoints_.answer(std::move(request)); }),
      life_(foundation_.loop, foundation_.clock, config.shutdown_timeout) {}

std::optional<std::string> WorkerProcess::why_not_ready() const {
    if (life_.ending().is_set()) return "draining";
    if (const auto problem = broker_.problem()) return "broker: " + *problem;
    return std::nullopt;
}

void WorkerProcess::drain() {
    worker_.stop();
    upkeep_.stop();
}

void WorkerProcess::announce() {
    log::info("the worker starts", {{"version", version},
                                    {"name", name_},
                                    {"http", http_.port()},
                                    {"speech", foundation_.engines.speech().name()},
                                    {"slots", foundation_.config.worker_concurrency},
                                    {"database", describe_database(foundation_.config.database)}});
}

Async<void> WorkerProcess::live() {
    co_await ensure_not_refused(&broker_, &foundation_.clock);
    announce();
    std::vector<Async<void>> loops;
    loops.push_back(worker_.run());
    loops.push_back(upkeep_.run());
    co_await all(std::move(loops));
    co_await http_.stop(longest_answer_at_the_end);
    co_await broker_.close();
}

int WorkerProcess::run() {
    return life_.run(live(), [this] { drain(); });
}

}  // namespace mlbilling
