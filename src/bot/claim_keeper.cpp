#include "bot/claim_keeper.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/waiting.hpp"

namespace mlbilling::bot {
namespace {

constexpr int renewals_per_claim = 3;

}  // namespace

KeptClaim ClaimKeeper::keep(const ClaimedDelivery& delivery) {
    const Event over;
    background_.start("claim", renew(delivery.id, delivery.claim, over));
    return KeptClaim(over);
}

Async<void> ClaimKeeper::renew(DeliveryId id, Epoch claim, Event over) {
    const auto pause = options_.claim_for / renewals_per_claim;
    while (!co_await set_within(outside_.clock, pause, over)) {
        try {
            // A claim that is another's by now is his to keep; our marks change nothing.
            if (!co_await outside_.deliveries.extend_claim(id, claim, options_.claim_for))
                co_return;
        } catch (const Unavailable& error) {
            log::warning("a claim is not renewed", {{"delivery", id}, {"error", error.what()}});
        }
    }
}

}  // namespace mlbilling::bot
