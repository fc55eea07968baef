#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/rabbitmq/content.hpp"

namespace mlbilling::rabbitmq {

/// Who is told what the broker says unasked. Called on the loop, from within the connection's
/// reading: to take note, to send, and to wake others, not to destroy the connection.
class ConnectionListener {
  public:
    virtual ~ConnectionListener() = default;

    virtual void delivered(Delivery) {}
    /// A mandatory message found no queue; its confirm follows.
    virtual void returned(const std::string& /*queue*/, const std::string& /*message_id*/) {}
    /// The broker has taken the message, or has not; `multiple` means all up to it.
    virtual void confirmed(std::uint64_t /*tag*/, bool /*multiple*/, bool /*taken*/) {}
    /// The broker has ended a consumer: its queue is deleted, or moves.
    virtual void consumer_cancelled(const std::string& /*consumer*/) {}
    /// The broker reads no publishes for now (connection.blocked), or does again.
    virtual void blocked(bool /*now*/) {}
    /// The last chance to add something to what leaves in this turn of the loop.
    virtual void before_sending() {}
    virtual void lost(const std::string& /*why*/) {}
};

}  // namespace mlbilling::rabbitmq
