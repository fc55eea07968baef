#pragma once

#include <optional>

#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// Where the messages of an answer go. A place that a chat refuses gives way to a simpler one,
/// which then serves the messages that follow, too.
class Placement {
  public:
    Placement(ChatId chat, std::optional<MessageId> reply_to, std::optional<MessageId> topic)
        : chat_(chat), reply_to_(reply_to), topic_(topic) {}

    ChatId chat() const { return chat_; }
    std::optional<MessageId> reply_to() const { return reply_to_; }
    std::optional<MessageId> topic() const { return topic_; }

    /// Whether a refused message may still arrive with less: without the reply, then outside the
    /// topic. If so, that is the place from now on.
    bool give_way(telegram::Failure failure);

  private:
    ChatId chat_;
    std::optional<MessageId> reply_to_;
    std::optional<MessageId> topic_;
};

}  // namespace mlbilling::bot
