#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bot/bot.hpp"
#include "protocol/outbox_publisher.hpp"
#include "simulation/broker.hpp"
#include "simulation/mutants.hpp"
#include "simulation/process.hpp"
#include "simulation/speech.hpp"
#include "simulation/store_way.hpp"
#include "simulation/telegram_server.hpp"
#include "support/silent_metrics.hpp"
#include "upkeep/outbox_relay.hpp"
#include "upkeep/sweeper.hpp"
#include "worker/worker.hpp"

namespace mlbilling::simulation {

/// What outlives every process of a run.
struct Surroundings {
    World& world;
    TelegramServer& telegram;
    BrokerServer& broker;
    Store& store;
    LeaseOracle& oracle;
    Disk& disk;
    std::int64_t start_balance = 0;
    int grants_per_hour = 0;
    Mutant mutant = Mutant::none;
};

/// Which parts of the service a process runs.
struct Parts {
    bool bot = false;
    bool worker = false;
};

/// One running process of the service with its connections; destroying it is kill -9.
class Machine {
  public:
    Machine(Surroundings surroundings, Parts parts, std::string name);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    Process& process() { return process_; }

  private:
    void start_bot(const Surroundings& surroundings);
    void start_worker(const Surroundings& surroundings);

    Process process_;
    /// Nobody reads those of a simulated process.
    test::SilentMetrics metrics_;
    TelegramWay telegram_;
    BrokerWay broker_;
    ScriptedSpeech speech_;
    ScriptedCodec codec_;
    ScriptedResults results_;
    StoreWay store_;
    OutboxPublisher publisher_;
    OutboxRelay relay_;
    Sweeper sweeper_;
    std::optional<bot::Bot> bot_;
    std::optional<Worker> worker_;
};

}  // namespace mlbilling::simulation
