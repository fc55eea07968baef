#include "main/commands.hpp"
#include "main/database_wait.hpp"
#include "main/worker_process.hpp"

namespace mlbilling {

int run_worker(const Config& config) {
    if (!await_database(config, WorkerProcess::usual_port)) return 0;
    WorkerProcess process(config);
    return process.run();
}

}  // namespace mlbilling
