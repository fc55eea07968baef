#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "bot/conversation.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

Async<void> Conversation::on_query(UpdateId update, telegram::CallbackQuery query) {
    const auto action = parse_button(query.data);
    Judgement judgement{TextId::toast_dead_button, std::nullopt};
    if (action && is_known(*action) && query.chat && query.message)
        judgement = co_await judge(query, *action);
    auto toast = judgement.objection
                     ? render(language_for(query.from.language_code), *judgement.objection)
                     : std::string();
    // Aside: the client shows a spinner until then, and the transaction need not wait for it.
    background_.start("answer to a button", answer_query(std::move(query.id), std::move(toast)));
    if (judgement.objection) co_return;
    Asker asker{key(update), sender(query.from), {query.chat->id, std::nullopt}, query.topic};
    if (query.topic)
        co_await outside_.deliveries.note_topic(query.chat->id, *query.message, *query.topic);
    co_await on_button(std::move(asker), *query.message, judgement.edit, *action);
}

Async<Conversation::Judgement> Conversation::judge(telegram::CallbackQuery query,
                                                   ButtonAction action) {
    if (const auto* cancelled = std::get_if<CancelTask>(&action))
        co_return co_await judge_cancel(query, cancelled->task);
    const auto owned = co_await outside_.deliveries.buttons_of(query.chat->id, *query.message);
    if (owned && owned->owner != query.from.id)
        co_return Judgement{TextId::toast_not_yours, std::nullopt};
    const bool answers_question = std::holds_alternative<AcceptProposal>(action) ||
                                  std::holds_alternative<DeclineProposal>(action);
    const auto wanted = answers_question ? ButtonMessage::question : ButtonMessage::menu;
    if (owned && owned->kind == wanted) co_return Judgement{std::nullopt, query.message};
    // What is no menu (any more) is left as it is; between the two of us a new one may come.
    const bool shows = std::holds_alternative<ShowMenu>(action) ||
                       std::holds_alternative<ShowVoices>(action) ||
                       std::holds_alternative<ShowHistory>(action);
    if (shows && !owned && query.chat->kind == telegram::ChatKind::private_chat)
        co_return Judgement{};
    co_return Judgement{TextId::toast_dead_button, std::nullopt};
}

// A task's status message is known by its task.
Async<Conversation::Judgement> Conversation::judge_cancel(telegram::CallbackQuery query,
                                                          TaskId id) {
    const auto task = co_await outside_.intake.find_task(id);
    if (task && task->telegram != query.from.id)
        co_return Judgement{TextId::toast_not_yours, std::nullopt};
    const bool elsewhere = task && task->place && task->place->chat != query.chat->id;
    if (!task || elsewhere) co_return Judgement{TextId::toast_dead_button, std::nullopt};
    if (task->status_message == query.message) co_return Judgement{std::nullopt, query.message};
    // The press may be faster than the note that this message is the task's, which then removes it.
    if (!task->status_message) co_return Judgement{};
    co_return Judgement{TextId::toast_dead_button, std::nullopt};
}

bool Conversation::is_known(const ButtonAction& action) const {
    const auto voices = outside_.speech.voices();
    const auto languages = outside_.speech.recognised_languages();
    const auto has_voice = [&](const std::string& id) {
        return std::ranges::find(voices, id, &Voice::id) != voices.end();
    };
    const auto has_language = [&](const std::string& code) {
        return std::ranges::find(voices, code, &Voice::language) != voices.end();
    };
    const auto understands = [&](const std::string& code) {
        return std::ranges::find(languages, code) != languages.end();
    };
    return std::visit(
        Overloaded{[&](const ChooseVoice& choice) { return has_voice(choice.voice); },
                   [&](const HearSample& choice) { return has_voice(choice.voice); },
                   [&](const ShowVoices& choice) { return has_language(choice.language); },
                   [&](const ChooseSpokenLanguage& choice) { return understands(choice.language); },
                   [](const auto&) { return true; }},
        action);
}

// One visitor would have to be a coroutine lambda for each action; plain branches read as well and
// leave no captures behind.
Async<void> Conversation::on_button(Asker asker, MessageId message, std::optional<MessageId> edit,
                                    ButtonAction action) {
    SettingsChange settings;
    if (const auto* language = std::get_if<ChooseLanguage>(&action)) {
        settings.language = language->language;
        co_await change(std::move(asker), edit, settings, "language");
    } else if (const auto* voice = std::get_if<ChooseVoice>(&action)) {
        settings.voice = voice->voice;
        co_await change(std::move(asker), edit, settings, "voice");
    } else if (const auto* speed = std::get_if<ChooseSpeed>(&action)) {
        settings.speed_percent = speed->percent;
        co_await change(std::move(asker), edit, settings, "speed");
    } else if (const auto* format = std::get_if<ChooseFormat>(&action)) {
        settings.reply_format = format->format;
        co_await change(std::move(asker), edit, settings, "format");
    } else if (const auto* spoken = std::get_if<ChooseSpokenLanguage>(&action)) {
        settings.spoken_language = spoken->language;
        co_await change(std::move(asker), edit, settings, "spoken");
    } else if (const auto* cancelled = std::get_if<CancelTask>(&action)) {
        co_await cancel(std::move(asker), cancelled->task, edit);
    } else if (const auto* accepted = std::get_if<AcceptProposal>(&action)) {
        co_await accept_proposal(std::move(asker), accepted->proposal, message);
    } else if (std::holds_alternative<DeclineProposal>(action)) {
        co_await decline(std::move(asker), message);
    } else if (const auto* menu = std::get_if<ShowMenu>(&action)) {
        const auto kind = menu->menu == Menu::language ? Notice::Kind::language_menu
                          : menu->menu == Menu::voice  ? Notice::Kind::voice_menu
                                                       : Notice::Kind::settings_menu;
        co_await tell(std::move(asker), {kind, {}}, edit);
    } else if (const auto* voices = std::get_if<ShowVoices>(&action)) {
        Notice notice{Notice::Kind::voice_menu, {{"language", voices->language}}};
        co_await tell(std::move(asker), std::move(notice), edit);
    } else if (const auto* sample = std::get_if<HearSample>(&action)) {
        // A message of its own, delivered like any answer: once, in order, and again after a crash.
        if (asker.topic) asker.place.message = message;
        co_await tell(std::move(asker), {Notice::Kind::voice_menu, {{"sample", sample->voice}}});
    } else if (const auto* history = std::get_if<ShowHistory>(&action)) {
        Notice notice{Notice::Kind::history, {{"before", std::to_string(history->before)}}};
        co_await tell(std::move(asker), std::move(notice), edit);
    } else if (const auto* again = std::get_if<ResendResult>(&action)) {
        Notice notice{Notice::Kind::result_again, {{"task", again->task.value()}}};
        co_await tell(std::move(asker), std::move(notice), edit);
    }
}

Async<void> Conversation::decline(Asker asker, MessageId prompt) {
    // After a yes the message is the task's, and its result must not be overwritten.
    if (co_await outside_.intake.find_asked(identity_.id, asker.place.chat, prompt))
        co_await tell(std::move(asker), {Notice::Kind::proposal_gone, {}});
    else
        co_await tell(std::move(asker), {Notice::Kind::cancelled, {}}, prompt);
}

Async<void> Conversation::change(Asker asker, std::optional<MessageId> edit,
                                 SettingsChange settings, std::string what) {
    Notice notice{Notice::Kind::settings_changed, {{"what", std::move(what)}}};
    auto request = answer_request(asker, std::move(notice), edit);
    deliver(co_await outside_.intake.change_settings(std::move(request), std::move(settings)),
            asker.place.chat);
}

Async<void> Conversation::answer_query(std::string id, std::string toast) {
    const auto outcome =
        co_await outside_.telegram.answer_callback_query(std::move(id), std::move(toast));
    // Cosmetic: the spinner ends by itself, and a query that is too old is everyday life after a
    // pause.
    if (!outcome.ok())
        log::debug("a button is not answered", {{"error", outcome.error().description}});
}

}  // namespace mlbilling::bot
