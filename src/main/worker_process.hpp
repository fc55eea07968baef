#pragma once

#include "main/process_basis.hpp"
#include "main/process_front.hpp"
#include "worker/worker.hpp"

namespace mlbilling {

/// `mlbilling worker`: task workers over PostgreSQL and RabbitMQ. Any number may run.
class WorkerProcess {
  public:
    /// Where it listens on loopback without HTTP_LISTEN.
    static constexpr std::uint16_t usual_port = 8082;

    explicit WorkerProcess(const Config& config);

    /// Runs until SIGTERM or SIGINT and drains; returns the process's exit code. Throws
    /// WrongConfiguration when RabbitMQ refuses it at the start.
    int run();

  private:
    void announce();

    ProcessBasis basis_;
    Worker worker_;
    ProcessFront front_;
};

}  // namespace mlbilling
