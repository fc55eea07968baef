#pragma once

#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// The chat with the user alone; it has the user's own id.
ChatId private_chat(const Profile& profile);
/// Whether others read the answer: it does not go to the user's private chat.
bool is_in_group(const ClaimedDelivery& delivery);

/// Whether such an answer names the user's balance, which is nobody else's business. It is sent to
/// the private chat even if it was asked for in a group.
bool is_private(Notice::Kind kind);

}  // namespace mlbilling::bot
