#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/random.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// Brings updates to the webhook by the real server's rules (telegram.md 1.3): one after the other
/// within a lane (the messages of a chat; the buttons of a user), lanes side by side. One that
/// fails blocks its lane and is brought again: at once, then after a wait that doubles, or as long
/// as Retry-After asks.
class WebhookSender {
  public:
    WebhookSender(State& state, Clock& clock, Random& random, WebhookCarrier& carrier);
    ~WebhookSender();
    WebhookSender(const WebhookSender&) = delete;
    WebhookSender& operator=(const WebhookSender&) = delete;

    /// Returns after close(), when nothing is under way any more.
    Async<void> run();
    void close();

  private:
    using LaneId = std::pair<bool, std::int64_t>;
    struct Lane {
        bool busy = false;
        int failures = 0;
        Time not_before{};
    };
    using Waiting = std::shared_ptr<const Update>;

    static LaneId lane_of(const Update& update);
    /// Starts what may start now; says when to look again at the latest.
    Time start_due(boost::asio::any_io_executor executor);
    Async<void> bring(Waiting update, Webhook webhook);
    void ended(const Update& update, const WebhookAnswer& answer);
    Duration wait_after(int failures, const WebhookAnswer& answer);

    State& state_;
    Clock& clock_;
    Random& random_;
    WebhookCarrier& carrier_;
    std::map<LaneId, Lane> lanes_;
    std::int64_t under_way_ = 0;
    Event woken_;
    Event closed_;
};

}  // namespace mlbilling::sandbox
