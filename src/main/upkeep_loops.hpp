#pragma once

#include <optional>

#include "main/foundation.hpp"
#include "ports/broker.hpp"
#include "protocol/outbox_publisher.hpp"
#include "upkeep/ledger_watch.hpp"
#include "upkeep/outbox_relay.hpp"
#include "upkeep/sweeper.hpp"

namespace mlbilling {

/// What every process does beside its own work, so that any other may die: the outbox relay, the
/// sweeps, the look at the books.
class UpkeepLoops {
  public:
    UpkeepLoops(Foundation& foundation, Broker& broker, OutboxPublisher& publisher);

    /// Returns after stop().
    Async<void> run();
    void stop();
    /// What the last look at the books found.
    const LedgerState& ledger() const { return ledger_watch_.state(); }

  private:
    OutboxRelay relay_;
    Sweeper sweeper_;
    LedgerWatch ledger_watch_;
};

}  // namespace mlbilling
