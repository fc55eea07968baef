#include "bot/conversation.hpp"

#include <utility>

#include "base/log.hpp"
#include "bot/recording_kinds.hpp"
#include "domain/text.hpp"

namespace mlbilling::bot {
namespace {

constexpr Duration unsupported_pause{60'000};

Notice::Kind notice_for(Command command) {
    switch (command) {
        case Command::start: return Notice::Kind::welcome;
        case Command::help: return Notice::Kind::help;
        case Command::balance: return Notice::Kind::balance;
        case Command::history: return Notice::Kind::history;
        case Command::language: return Notice::Kind::language_menu;
        case Command::voice: return Notice::Kind::voice_menu;
        case Command::settings: return Notice::Kind::settings_menu;
        case Command::privacy: return Notice::Kind::privacy;
        case Command::cancel: return Notice::Kind::not_cancellable;
        case Command::say: return Notice::Kind::say_what;
    }
    return Notice::Kind::help;
}

}  // namespace

Async<void> Conversation::handle(telegram::Update update) {
    if (auto* message = std::get_if<telegram::IncomingMessage>(&update.content))
        co_await on_message(update.id, std::move(*message));
    else if (auto* query = std::get_if<telegram::CallbackQuery>(&update.content))
        co_await on_query(update.id, std::move(*query));
}

Sender Conversation::sender(const telegram::User& user) const {
    return {user.id, user.username, language_for(user.language_code)};
}

Async<void> Conversation::on_message(UpdateId update, telegram::IncomingMessage message) {
    auto request = request_in(message, identity_.username);
    if (!request) co_return;
    Asker asker{key(update), sender(*message.from), {message.chat.id, message.id}, message.topic};
    // First of all: whatever answers this goes where it was asked.
    if (message.topic)
        co_await outside_.deliveries.note_topic(message.chat.id, message.id, *message.topic);
    if (request->text.empty() && !request->media && !message.text.empty()) {
        // Only our name was called.
        co_await tell(std::move(asker), {Notice::Kind::help, {}});
        co_return;
    }
    co_await on_request(std::move(asker), std::move(*request), normalised(message.reply_to_text));
}

Async<void> Conversation::on_request(Asker asker, Request request, std::string replied_text) {
    if (request.media) {
        if (is_recording(*request.media))
            co_await on_recording(std::move(asker), *request.media);
        else
            co_await on_unsupported(std::move(asker));
        co_return;
    }
    if (const auto parsed = parse_command(request.text, identity_.username)) {
        if (parsed->names_another && !request.quoted) co_return;
        // In a group a command that we do not have is most likely another bot's.
        if (!parsed->command && !request.certain && !parsed->names_bot) co_return;
        if (!parsed->command || request.quoted)
            co_await tell(std::move(asker), {Notice::Kind::unknown_command, {}});
        else
            co_await on_command(std::move(asker), *parsed, std::move(replied_text));
        co_return;
    }
    if (request.text.empty())
        co_await on_unsupported(std::move(asker));
    else if (!request.quoted && is_balance_word(request.text))
        co_await tell(std::move(asker), {Notice::Kind::balance, {}});
    else
        co_await on_text(std::move(asker), request.text);
}

// What was parsed lies in the caller's request, which outlives this.
Async<void> Conversation::on_command(Asker asker, ParsedCommand parsed, std::string replied_text) {
    auto said = parsed.rest.empty() ? std::move(replied_text) : std::string(parsed.rest);
    if (parsed.command == Command::cancel)
        co_await cancel(std::move(asker), std::nullopt, std::nullopt);
    else if (parsed.command == Command::say && !said.empty())
        co_await on_text(std::move(asker), std::move(said));
    else
        co_await tell(std::move(asker), {notice_for(*parsed.command), {}});
}

Async<void> Conversation::on_unsupported(Asker asker) {
    const auto now = outside_.clock.now();
    std::erase_if(told_unsupported_,
                  [&](const auto& told) { return now - told.second >= unsupported_pause; });
    const auto chat = asker.place.chat;
    if (told_unsupported_.contains(chat)) co_return;
    co_await tell(std::move(asker), {Notice::Kind::unsupported_content, {}});
    told_unsupported_[chat] = now;
}

IntakeStore::AnswerRequest Conversation::answer_request(const Asker& asker, Notice notice,
                                                        std::optional<MessageId> edit) const {
    return {asker.update, asker.sender, asker.place, std::move(notice), edit, options_.start};
}

Async<void> Conversation::tell(Asker asker, Notice notice, std::optional<MessageId> edit) {
    auto request = answer_request(asker, std::move(notice), edit);
    deliver(co_await outside_.intake.answer(std::move(request)), asker.place.chat);
}

Async<void> Conversation::cancel(Asker asker, std::optional<TaskId> task,
                                 std::optional<MessageId> edit) {
    // The store puts `cancelled` in its place when there was something to cancel.
    auto request = answer_request(asker, {Notice::Kind::not_cancellable, {}}, edit);
    auto outcome = co_await outside_.intake.cancel(std::move(request), std::move(task));
    if (outcome.cancelled) log::info("task cancelled", {{"task", *outcome.cancelled}});
    deliver(outcome.answer, asker.place.chat);
}

void Conversation::deliver(AnswerOutcome answer, ChatId chat) {
    if (answer)
        deliveries_.deliver(*answer, chat);
    else
        outside_.metrics.duplicate_dropped("update");
}

}  // namespace mlbilling::bot
