#pragma once

#include <memory>

#include "bot/background.hpp"
#include "bot/options.hpp"
#include "ports/event.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// A claim that is kept alive until the end of this object's life.
class KeptClaim {
  public:
    KeptClaim(Event over, std::unique_ptr<Alarm> first_renewal)
        : over_(std::move(over)), first_renewal_(std::move(first_renewal)) {}
    ~KeptClaim() { over_.set(); }
    KeptClaim(const KeptClaim&) = delete;
    KeptClaim& operator=(const KeptClaim&) = delete;

  private:
    Event over_;
    std::unique_ptr<Alarm> first_renewal_;
};

/// Renews the claims of deliveries while they are being sent. So a claim can be short, and what the
/// dead have left is soon sent by the living, although one slow upload may take minutes.
class ClaimKeeper {
  public:
    ClaimKeeper(const Dependencies& outside, const BotOptions& options, Background& background)
        : outside_(outside), options_(options), background_(background) {}

    KeptClaim keep(const ClaimedDelivery& delivery);

  private:
    Duration pause() const;
    Async<void> renew(DeliveryId id, Epoch claim, Event over);

    const Dependencies& outside_;
    const BotOptions& options_;
    Background& background_;
};

}  // namespace mlbilling::bot
