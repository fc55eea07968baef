#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "main/endpoints.hpp"
#include "main/listeners.hpp"
#include "main/process_basis.hpp"
#include "main/process_life.hpp"

namespace mlbilling {

/// What a process over PostgreSQL and RabbitMQ shows of itself: its HTTP endpoints and whether it
/// is ready, its start and its drained end. The basis outlives it.
class ProcessFront {
  public:
    /// `usual_port`: where it listens on loopback without HTTP_LISTEN. `own_trouble`: why the
    /// process's own work is not ready, or nothing.
    ProcessFront(ProcessBasis& basis, std::uint16_t usual_port, Endpoints::WhyNotReady own_trouble);

    /// Has the webhook's updates brought to the receiver, when one is configured.
    void take_updates(telegram::UpdateReceiver& receiver);
    const Listeners& listeners() const { return listeners_; }

    /// Runs the loops of the process's own work, and the upkeep, until SIGTERM or SIGINT;
    /// `announce` tells of the start, `stop` tells the work to end. Returns the process's exit
    /// code. Throws WrongConfiguration when RabbitMQ refuses us at the start.
    int run(std::vector<Async<void>> loops, std::function<void()> announce,
            std::function<void()> stop);

  private:
    Async<void> live(std::vector<Async<void>> loops, std::function<void()> announce);
    Async<void> work(std::vector<Async<void>> loops, std::function<void()> announce);
    std::optional<std::string> why_not_ready() const;

    ProcessBasis& basis_;
    Endpoints::WhyNotReady own_trouble_;
    Endpoints endpoints_;
    Listeners listeners_;
    ProcessLife life_;
};

}  // namespace mlbilling
