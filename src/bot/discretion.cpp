#include "bot/discretion.hpp"

namespace mlbilling::bot {

ChatId private_chat(const Profile& profile) { return ChatId(profile.telegram.value()); }

bool is_in_group(const ClaimedDelivery& delivery) {
    return delivery.chat != private_chat(delivery.profile);
}

bool is_private(Notice::Kind kind) {
    using Kind = Notice::Kind;
    return kind == Kind::balance || kind == Kind::history || kind == Kind::insufficient;
}

}  // namespace mlbilling::bot
