#include "main/worker_process.hpp"

#include <utility>
#include <vector>

#include "base/log.hpp"
#include "main/service_options.hpp"
#include "main/version.hpp"

namespace mlbilling {
WorkerProcess::WorkerProcess(const Config& config)
    : basis_(config, "worker"),
      worker_({*basis_.foundation.store, *basis_.foundation.store, basis_.broker, basis_.telegram,
               basis_.foundation.engines.speech(), basis_.foundation.codec,
               *basis_.foundation.results, basis_.foundation.clock, basis_.foundation.random,
               basis_.foundation.metrics, basis_.publisher},
              worker_options(config, basis_.name)),
      front_(basis_, usual_port, [] { return std::optional<std::string>(); }) {}

void WorkerProcess::announce() {
    const auto& config = basis_.foundation.config;
    log::info("the worker starts", {{"version", version},
                                    {"name", basis_.name},
                                    {"http", front_.listeners().port()},
                                    {"speech", basis_.foundation.engines.speech().name()},
                                    {"slots", config.worker_concurrency},
                                    {"database", describe_database(config.database)}});
}

int WorkerProcess::run() {
    std::vector<Async<void>> loops;
    loops.push_back(worker_.run());
    return front_.run(std::move(loops), [this] { announce(); }, [this] { worker_.stop(); });
}

}  // namespace mlbilling
