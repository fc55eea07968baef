#include "main/upkeep_loops.hpp"

#include <vector>

#include "ports/all.hpp"

namespace mlbilling {

UpkeepLoops::UpkeepLoops(Foundation& foundation, Broker& broker, OutboxPublisher& publisher)
    : relay_(*foundation.store, broker, publisher, foundation.clock, foundation.random),
      sweeper_(*foundation.store, *foundation.results, foundation.clock, foundation.random,
               foundation.metrics),
      ledger_watch_(*foundation.store, foundation.clock) {}

Async<void> UpkeepLoops::run() {
    std::vector<Async<void>> loops;
    loops.push_back(relay_.run());
    loops.push_back(sweeper_.run());
    loops.push_back(ledger_watch_.run());
    co_await all(std::move(loops));
}

void UpkeepLoops::stop() {
    relay_.stop();
    sweeper_.stop();
    ledger_watch_.stop();
}

}  // namespace mlbilling
