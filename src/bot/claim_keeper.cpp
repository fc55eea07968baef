#include "bot/claim_keeper.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::bot {
namespace {

constexpr int renewals_per_claim = 3;

}  // namespace

KeptClaim ClaimKeeper::keep(const ClaimedDelivery& delivery) {
    const Event over;
    auto begin = [this, id = delivery.id, claim = delivery.claim, over] {
        background_.start("claim", renew(id, claim, over));
    };
    return {over, outside_.clock.ring_after(pause(), std::move(begin))};
}

Duration ClaimKeeper::pause() const { return options_.claim_for / renewals_per_claim; }

Async<void> ClaimKeeper::renew(DeliveryId id, Epoch claim, Event over) {
    do {
        try {
            // A claim that is another's by now is his to keep; our marks change nothing.
            if (!co_await outside_.deliveries.extend_claim(id, claim, options_.claim_for))
                co_return;
        } catch (const Unavailable& error) {
            log::warning("a claim is not renewed", {{"delivery", id}, {"error", error.what()}});
        }
    } while (!co_await over.wait_within(outside_.clock, pause()));
}

}  // namespace mlbilling::bot
