#include "main/commands.hpp"
#include "main/worker_process.hpp"

namespace mlbilling {

int run_worker(const Config& config) {
    WorkerProcess process(config);
    return process.run();
}

}  // namespace mlbilling
