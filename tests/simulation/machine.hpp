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
#include "upkeep/outbox_relay.hpp"
#include "upkeep/sweeper.hpp"
#include "worker/worker.hpp"

namespace mlbilling::simulation {

/// Nobody reads the metrics of a simulated process.
class NoMetrics final : public Metrics {
  public:
    void task_ended(TaskType, TaskStatus) override {}
    void task_processed(TaskType, std::string_view, Duration) override {}
    void tasks_in_flight(int) override {}
    void task_retried(TaskType) override {}
    void lease_fenced() override {}
    void duplicate_dropped(std::string_view) override {}
    void dead_lettered() override {}
    void booked(TransactionType, Credits) override {}
    void provider_called(std::string_view, std::string_view, std::string_view, Duration) override {}
    void telegram_called(std::string_view, std::string_view) override {}
    void delivery_ambiguous() override {}
    void polled(Time) override {}
};

/// What outlives every process of a run.
struct Surroundings {
    World& world;
    TelegramServer& telegram;
    BrokerServer& broker;
    Store& store;
    LeaseOracle& oracle;
    Disk& disk;
    std::int64_t start_balance = 0;
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
    NoMetrics metrics_;
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
