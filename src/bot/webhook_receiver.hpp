#pragma once

#include <optional>
#include <utility>

#include "bot/options.hpp"
#include "bot/update_lanes.hpp"
#include "bot/update_source.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Takes the updates that Telegram brings to the webhook, and sees to it that it brings them here.
///
/// Telegram brings the messages of a chat one at a time and goes on only after an answer of
/// success, whichever process gives it, and that is given after the commit: so the order of a chat
/// holds across processes (telegram.md 1.3). A button may be brought at the same time as a message
/// of its chat; within one process it waits for its turn.
class WebhookReceiver final : public UpdateSource {
  public:
    WebhookReceiver(const Dependencies& outside, const telegram::Webhook& webhook,
                    UpdateLanes& lanes, Event stop)
        : outside_(outside), webhook_(webhook), lanes_(lanes), stop_(std::move(stop)) {}

    /// Sets the webhook, and sets it again when it is not ours any more. After stop it stays set:
    /// other processes serve it, and for the next one the updates wait at Telegram.
    Async<void> run() override;

    /// True when the update is done with; false when it has to be brought again.
    Async<bool> receive(telegram::Update update);

    UpdateState state() const override;

  private:
    /// How long to wait before the next look.
    Async<Duration> look();
    Async<Duration> set();
    Duration failed(const telegram::Error& error);
    void tell_of_errors(const telegram::WebhookInfo& info);

    const Dependencies& outside_;
    const telegram::Webhook& webhook_;
    UpdateLanes& lanes_;
    Event stop_;
    UpdateState state_ = UpdateState::starting;
    bool is_set_ = false;
    bool store_fails_ = false;
    int failures_ = 0;
    /// Of Telegram's newest failure that was logged.
    std::optional<Time> told_;
    int in_flight_ = 0;
    Event one_ended_;
};

}  // namespace mlbilling::bot
