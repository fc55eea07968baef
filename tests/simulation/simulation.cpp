#include "simulation/simulation.hpp"

#include <sqlite3.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "adapters/sqlite/sqlite_store.hpp"
#include "simulation/auditor.hpp"
#include "simulation/machine.hpp"
#include "simulation/script.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::simulation {
namespace {

constexpr Duration chaos_lasts{420'000};
/// By then everything must have come to its end: deadlines of tasks, waits after 429, second
/// attempts.
constexpr Duration calm_lasts{4 * 3'600'000};
constexpr Duration tick{500};

/// The database's clock.
class WorldClock final : public Clock {
  public:
    explicit WorldClock(const VirtualTime& time) : time_(time) {}
    Time now() const override { return time_.now(); }
    Async<void> sleep(Duration) override { throw std::logic_error("the store never sleeps"); }
    std::unique_ptr<Alarm> ring_after(Duration, std::function<void()>) override {
        throw std::logic_error("the store never waits");
    }

  private:
    const VirtualTime& time_;
};

/// A process that is started again some time after each crash.
struct Place {
    std::string name;
    Parts parts;
    std::unique_ptr<Machine> machine;
    Time restart_at;
};

class Run {
  public:
    Run(std::uint64_t seed, Mutant mutant);
    RunReport play();

  private:
    void build_places();
    bool run_what_is_ready();
    void bury_and_restart();
    bool is_quiet();
    void wake_in_a_tick();
    void run_raw(const std::string& statements);
    RunReport report(bool converged);

    std::uint64_t seed_;
    Mutant mutant_;
    World world_;
    test::TemporaryDirectory directory_;
    boost::asio::io_context loop_{1};
    WorldClock clock_{world_.time};
    std::string path_;
    sqlite::SqliteStore store_;
    std::unique_ptr<StoreLayer> layer_;
    LeaseOracle oracle_;
    TelegramServer telegram_{world_};
    BrokerServer broker_{world_};
    Disk disk_;
    Producer producer_{world_, broker_};
    Script script_{world_, telegram_, producer_};
    std::vector<Place> places_;
    Time started_ = world_.time.now();
};

Run::Run(std::uint64_t seed, Mutant mutant)
    : seed_(seed),
      mutant_(mutant),
      world_(seed),
      path_(mutant == Mutant::no_unique_charge ? (directory_.path() / "book.db").string()
                                               : ":memory:"),
      store_({.path = path_, .inline_execution = true, .synchronous_full = false},
             loop_.get_executor(), clock_),
      layer_(
          mutated(mutant, store_, [this](const std::string& statements) { run_raw(statements); })) {
    build_places();
}

void Run::build_places() {
    const bool together = world_.dice.between(0, 1) == 0;
    if (together) {
        places_.push_back({"serve", {true, true}, nullptr, started_});
        return;
    }
    places_.push_back({"bot-1", {true, false}, nullptr, started_});
    if (world_.dice.between(0, 1) == 0)
        places_.push_back({"bot-2", {true, false}, nullptr, started_});
    places_.push_back({"worker-1", {false, true}, nullptr, started_});
    places_.push_back({"worker-2", {false, true}, nullptr, started_});
}

void Run::run_raw(const std::string& statements) {
    sqlite3* database = nullptr;
    CHECK(sqlite3_open(path_.c_str(), &database) == SQLITE_OK);
    // What the tables refuse all the same, for want of credits, is not done at all.
    sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(database);
}

bool Run::run_what_is_ready() {
    bool ran = false;
    for (auto& place : places_)
        if (place.machine && place.machine->process().poll()) ran = true;
    return ran;
}

void Run::bury_and_restart() {
    for (auto& place : places_) {
        if (place.machine && place.machine->process().doomed()) {
            place.machine.reset();
            place.restart_at = world_.time.now() + Duration(world_.dice.between(200, 20'000));
        }
        if (!place.machine && world_.time.now() >= place.restart_at)
            place.machine = std::make_unique<Machine>(
                Surroundings{world_, telegram_, broker_, *layer_, oracle_, disk_,
                             script_.start_balance(), script_.grants_per_hour(), mutant_},
                place.parts, place.name);
    }
}

bool Run::is_quiet() {
    if (!script_.finished() || telegram_.has_pending()) return false;
    for (const auto& place : places_)
        if (!place.machine) return false;
    boost::asio::io_context loop(1);
    const auto sums = test::run(loop, store_.statistics());
    // Everybody has written to the bot, and gets the starting grant sooner or later.
    return sums.starting_grants == sums.users &&
           sums.tasks_created + sums.tasks_processing + sums.outbox_rows + sums.undelivered == 0;
}

void Run::wake_in_a_tick() {
    world_.time.enlist(tick, [] {});
}

RunReport Run::play() {
    wake_in_a_tick();
    Time next_tick = world_.time.now() + tick;
    int quiet_for = 0;
    while (world_.time.now() - started_ < chaos_lasts + calm_lasts) {
        script_.play();
        bury_and_restart();
        while (run_what_is_ready()) {
        }
        world_.calm = world_.time.now() - started_ > chaos_lasts;
        if (world_.time.now() >= next_tick) {
            next_tick = world_.time.now() + tick;
            wake_in_a_tick();
            quiet_for = world_.calm && is_quiet() ? quiet_for + 1 : 0;
            // What is still on its way, such as the removal of a status message, may arrive.
            if (quiet_for > 60) return report(true);
        }
        CHECK(world_.time.advance());
    }
    return report(false);
}

RunReport Run::report(bool converged) {
    RunReport report;
    report.seed = seed_;
    report.trace = world_.dice.trace();
    report.port_calls = world_.port_calls;
    report.crashes = world_.crashes;
    report.faults = world_.faults;
    report.virtual_time = world_.time.now() - started_;
    places_.clear();
    if (!converged)
        report.complaints.push_back("everything must come to its end in the calm, and did not");
    for (const auto& complaint : oracle_.complaints()) report.complaints.push_back(complaint);
    for (const auto& complaint : Auditor(script_, telegram_, producer_, store_).complaints())
        report.complaints.push_back(complaint);
    boost::asio::io_context loop(1);
    report.tasks = static_cast<std::int64_t>(
        test::run(loop, store_.newest_tasks(std::nullopt, 1'000'000)).size());
    return report;
}

}  // namespace

RunReport simulate(std::uint64_t seed, Mutant mutant) { return Run(seed, mutant).play(); }

}  // namespace mlbilling::simulation
