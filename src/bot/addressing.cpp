#include "bot/addressing.hpp"

#include "bot/command.hpp"
#include "domain/text.hpp"

namespace mlbilling::bot {
namespace {

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where `@username` stands as a whole word.
std::optional<std::size_t> find_mention(std::string_view text, std::string_view username) {
    if (username.empty()) return std::nullopt;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        const auto end = at + 1 + username.size();
        const bool begins = at == 0 || (!is_name_character(text[at - 1]) && text[at - 1] != '@');
        const bool ends = end >= text.size() || !is_name_character(text[end]);
        if (begins && ends && same_name(text.substr(at + 1, username.size()), username)) return at;
    }
    return std::nullopt;
}

/// The text without any mention of the bot, or nothing when there is none.
std::optional<std::string> without_mention(std::string text, std::string_view username) {
    bool mentioned = false;
    while (const auto at = find_mention(text, username)) {
        text.replace(*at, username.size() + 1, " ");
        mentioned = true;
    }
    if (!mentioned) return std::nullopt;
    return normalised(text);
}

bool has_command(const telegram::IncomingMessage& message, std::string_view text) {
    return !message.media && text.starts_with('/');
}

/// A recording is meant for the bot when it is mentioned beside it, or answered with it.
std::optional<Request> recording_in_group(const telegram::IncomingMessage& message,
                                          std::string text, std::optional<std::string> rest) {
    if (rest) return Request{std::move(*rest), message.media, false, true};
    if (message.replies_to_bot) return Request{std::move(text), message.media, false, true};
    return std::nullopt;
}

std::optional<Request> request_in_group(const telegram::IncomingMessage& message, std::string text,
                                        std::string_view bot_username) {
    if (has_command(message, text)) return Request{std::move(text), {}, false, false};
    auto rest = without_mention(text, bot_username);
    if (message.media) return recording_in_group(message, std::move(text), std::move(rest));
    if (!rest) return std::nullopt;
    const bool is_called = find_mention(text, bot_username) == 0;
    const bool own = is_called && (message.replies_to_bot || has_command(message, *rest));
    if (!own && message.reply_to_media && !message.replies_to_bot)
        return Request{normalised(message.reply_to_text), message.reply_to_media, true, true};
    // Whoever only talks about the bot does not ask for anything.
    if (!is_called) return std::nullopt;
    if (own || message.reply_to_text.empty()) return Request{std::move(*rest), {}, false, true};
    return Request{normalised(message.reply_to_text), {}, true, true};
}

}  // namespace

std::optional<Request> request_in(const telegram::IncomingMessage& message,
                                  std::string_view bot_username) {
    if (!message.from || message.from->is_bot) return std::nullopt;
    auto text = normalised(message.text);
    if (message.chat.kind == telegram::ChatKind::group)
        return request_in_group(message, std::move(text), bot_username);
    return Request{std::move(text), message.media, false, true};
}

}  // namespace mlbilling::bot
