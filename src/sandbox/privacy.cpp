#include "sandbox/privacy.hpp"

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

bool is_for_bot(const Entity& entity) {
    const auto at = entity.text.find('@');
    if (at == std::string::npos) return true;
    return lower_case(entity.text.substr(at + 1)) == bot_username;
}

}  // namespace

bool reaches_bot(const Chat& chat, const Message& message, const Message* reply_to) {
    if (!chat.is_group()) return true;
    if (reply_to != nullptr && reply_to->from_bot) return true;
    for (const auto& entity : entities_of(message.file ? message.caption : message.text)) {
        if (entity.kind == Entity::Kind::mention && is_for_bot(entity)) return true;
        const bool leads = entity.kind == Entity::Kind::bot_command && entity.offset == 0;
        if (leads && is_for_bot(entity)) return true;
    }
    return false;
}

}  // namespace mlbilling::sandbox
