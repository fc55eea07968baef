#pragma once

#include "ports/broker.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/random.hpp"
#include "ports/store/upkeep.hpp"
#include "protocol/outbox_publisher.hpp"

namespace mlbilling {

struct OutboxRelayOptions {
    /// How long rows are kept from other relays while they are being published.
    Duration claim{30'000};
    /// Rows that are taken at once, at most.
    int batch = 200;
    /// How long to wait with nothing to do: doubles from the one to the other.
    Duration shortest_wait{50};
    Duration longest_wait{1'000};
};

/// Brings to the broker what its writer did not: no more than the broker has room for, so that the
/// backlog waits in the database, where it is fair, visible and can be cancelled (design.md). Any
/// number may run.
class OutboxRelay {
  public:
    OutboxRelay(UpkeepStore& store, Broker& broker, OutboxPublisher& publisher, Clock& clock,
                Random& random, OutboxRelayOptions options = {})
        : store_(store),
          broker_(broker),
          publisher_(publisher),
          clock_(clock),
          random_(random),
          options_(options),
          wait_(options.shortest_wait) {}

    /// Relays until stop(), or until cancelled. Survives outages.
    Async<void> run();
    void stop();
    /// There is something to publish: look at once.
    void kick() { kicked_.set(); }

  private:
    /// One round; how long to wait before the next.
    Async<Duration> relay();

    UpkeepStore& store_;
    Broker& broker_;
    OutboxPublisher& publisher_;
    Clock& clock_;
    Random& random_;
    OutboxRelayOptions options_;
    Duration wait_;
    Event kicked_;
    bool stopping_ = false;
};

}  // namespace mlbilling
