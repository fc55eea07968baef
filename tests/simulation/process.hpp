#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/unavailable.hpp"
#include "ports/clock.hpp"
#include "simulation/faults.hpp"
#include "simulation/virtual_time.hpp"

namespace mlbilling::simulation {

/// What all processes of a run share.
struct World {
    explicit World(std::uint64_t seed) : dice(seed), rates(draw_rates(dice)) {}

    VirtualTime time;
    Dice dice;
    FaultRates rates;
    /// No more faults: everything must converge.
    bool calm = false;
    /// Counted for the report and for what the auditor allows.
    std::int64_t port_calls = 0;
    int crashes = 0;
    int faults = 0;

    bool happens(int tenths_of_percent) {
        const bool drawn = dice.one_in_thousand(tenths_of_percent);
        return drawn && !calm;
    }
};

/// One operating-system process of the simulated world: an event loop of its own that can be killed
/// between any two awaits. A killed process runs no code any more: its coroutines are destroyed
/// where they wait, as kill -9 would do.
class Process final : public Clock {
  public:
    Process(World& world, std::string name) : world_(world), name_(std::move(name)) {}
    ~Process() override;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    boost::asio::io_context& loop() { return context_; }
    const std::string& name() const { return name_; }
    bool doomed() const { return doomed_; }
    World& world() { return world_; }

    /// Runs what is ready, unless the process stands still; says whether anything was.
    bool poll() {
        context_.restart();
        bool ran = false;
        while (!doomed_ && !paused() && context_.poll_one() > 0) ran = true;
        return ran;
    }
    /// kill -9: destroys every coroutine where it waits.
    void kill() { context_.shutdown(); }
    bool paused() const { return world_.time.now() < paused_until_; }

    Time now() const override { return world_.time.now(); }
    Async<void> sleep(Duration span) override;
    std::unique_ptr<Alarm> ring_after(Duration span, std::function<void()> ring) override;

    /// Before a port call takes effect: a delay, and perhaps the end of the process or an outage.
    Async<void> before(std::string what);
    /// After its effect and before the caller learns of it.
    Async<void> after(std::string what);
    /// The end of the process, if the dice say so.
    Async<void> perhaps_crash(std::string what);

  private:
    void perhaps_pause();

    struct Context : boost::asio::io_context {
        Context() : boost::asio::io_context(1) {}
        using boost::asio::execution_context::shutdown;
    };

    Async<void> never();

    World& world_;
    std::string name_;
    bool doomed_ = false;
    Time paused_until_;
    // Keeps virtual time from passing over the end of a pause.
    std::optional<VirtualTime::Key> end_of_pause_;
    Context context_;
};

}  // namespace mlbilling::simulation
