#pragma once

#include <memory>
#include <optional>

#include "bot/options.hpp"
#include "bot/update_source.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// The Telegram front end: takes updates in, has tasks accepted and answers delivered. Any number
/// of them may run for one bot over one store. Runs on one loop.
class Bot final : public telegram::UpdateReceiver {
  public:
    Bot(Dependencies outside, BotOptions options);
    ~Bot() override;
    Bot(const Bot&) = delete;
    Bot& operator=(const Bot&) = delete;

    /// Works until stop(), then finishes what is in flight, confirms the updates whose effects are
    /// committed, and returns. When it is cancelled instead, everything in flight is cancelled too.
    /// In both cases nothing of the bot runs any more afterwards. Called once.
    Async<void> run();

    /// May be called at any time, on the loop.
    void stop() { stop_.set(); }

    /// For readiness.
    UpdateState state() const;

    /// What the webhook brings. False while the bot does not work (yet, or any more), and when
    /// updates are polled for.
    Async<bool> receive(telegram::Update update) override;

  private:
    class Running;

    Async<std::optional<telegram::Identity>> identify();
    Async<void> work();

    Dependencies outside_;
    BotOptions options_;
    Event stop_;
    UpdateState before_work_ = UpdateState::starting;
    std::unique_ptr<Running> running_;
};

}  // namespace mlbilling::bot
