#include "bot/delivery_sweep.hpp"

#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling::bot {

Async<void> DeliverySweep::run() {
    constexpr int batch = 200;
    log::OutageLog outage("due answers cannot be read");
    while (!stop_.is_set()) {
        try {
            for (const auto id : co_await outside_.deliveries.due_deliveries(batch))
                deliveries_.deliver_due(id);
            outage.over();
        } catch (const Unavailable& error) {
            outage.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("the delivery sweep failed", {{"error", error.what()}});
        }
        co_await stop_.wait_within(outside_.clock, options_.sweep_every);
    }
}

}  // namespace mlbilling::bot
