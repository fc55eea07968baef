#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "bot/options.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// What is done with an update. When handle() returns, the effects are committed; it throws
/// Unavailable when they are not, and the update comes again.
class UpdateHandler {
  public:
    virtual ~UpdateHandler() = default;
    virtual Async<void> handle(telegram::Update update) = 0;
};

/// How it stands with the polling, for readiness.
enum class PollState {
    starting,
    polling,
    unreachable,        ///< Telegram does not answer
    store_unavailable,  ///< updates cannot be stored and wait at Telegram
    conflict,           ///< another process polls with our token
    unauthorized        ///< the token is not valid (any more)
};

std::string_view to_string(PollState state);

/// Asks Telegram for updates and hands them on: those of one chat strictly in order, those of
/// different chats side by side. The offset moves only past updates whose effects are committed
/// (design.md, Nothing is lost); nothing that goes wrong ends the loop.
class Poller {
  public:
    Poller(const Dependencies& outside, const BotOptions& options, UpdateHandler& handler,
           Event stop)
        : telegram_(outside.telegram),
          clock_(outside.clock),
          random_(outside.random),
          metrics_(outside.metrics),
          timeout_(options.poll_timeout),
          handler_(handler),
          stop_(std::move(stop)) {}

    /// Returns after stop: what is in flight is finished, and what is committed is confirmed.
    Async<void> run();

    PollState state() const { return state_; }

  private:
    struct Batch {
        std::vector<telegram::Update> updates;
        std::vector<UpdateId> ids;
        std::vector<bool> committed;
    };
    using Indexes = std::vector<std::size_t>;

    /// Asks without waiting until it is known that Telegram answers: readiness must not take a
    /// whole poll.
    Duration next_timeout() const { return state_ == PollState::polling ? timeout_ : Duration(0); }
    Async<void> poll_once();
    Async<void> confirm();
    /// Whether every update of the batch is committed.
    Async<bool> handle_all(std::vector<telegram::Update> updates);
    Async<void> handle_in_order(std::shared_ptr<Batch> batch, Indexes lane);
    Async<bool> handle_one(telegram::Update update);
    /// Whether an update that fails for no reason of the outside is given up, so that it cannot
    /// block all others for ever.
    bool is_poison(UpdateId update);
    void advance(const Batch& batch);
    Async<void> wait_after(telegram::Error error);
    Async<void> back_off(Duration least, Duration most);

    telegram::Api& telegram_;
    Clock& clock_;
    Random& random_;
    Metrics& metrics_;
    Duration timeout_;
    UpdateHandler& handler_;
    Event stop_;
    PollState state_ = PollState::starting;
    std::int64_t offset_ = 0;
    int failures_ = 0;
    std::map<UpdateId, int> odd_failures_;
};

}  // namespace mlbilling::bot
