#pragma once

#include <vector>

#include "ports/broker.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling {

/// Brings claimed rows of the outbox to the broker and marks those that it has confirmed. The claim
/// must be the caller's; what the broker did not take is given to the relay, and a row without any
/// mark comes again through it when its claim runs out.
class OutboxPublisher {
  public:
    OutboxPublisher(Broker& broker, UpkeepStore& store) : broker_(broker), store_(store) {}

    /// For the one who has just written the row. Never throws Unavailable: the relay stands behind
    /// it.
    Async<void> publish(OutboxRecord record);

    /// For the relay: publishes the rows side by side and says how many of them are done with. Rows
    /// that the broker confirmed before it failed are marked before Unavailable is thrown.
    Async<int> publish_all(std::vector<OutboxRecord> records);

    /// For a worker that holds the message already: removes the row unpublished. Never throws
    /// Unavailable.
    Async<void> discard(OutboxRecord record);

  private:
    /// What is to become of the row.
    enum class Fate { done, due_at_once, claim_runs_out };

    Async<Fate> send(OutboxRecord record);
    Async<Fate> send_task(TaskRecord task);
    Async<Fate> send_reply(TaskRecord task);
    Async<void> send_into(OutboxRecord record, std::vector<OutboxId>* done,
                          std::vector<OutboxId>* again, std::string* failure);
    Async<void> mark(std::vector<OutboxId> done, std::vector<OutboxId> again);

    Broker& broker_;
    UpkeepStore& store_;
};

}  // namespace mlbilling
