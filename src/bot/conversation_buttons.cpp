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
    const bool usable = action && is_known(*action) && query.chat && query.message;
    auto toast = usable ? std::string()
                        : render(language_for(query.from.language_code), TextId::toast_dead_button);
    // At once and aside: the client shows a spinner until then, and the transaction need not wait
    // for it.
    background_.start("answer to a button", answer_query(std::move(query.id), std::move(toast)));
    if (!usable) co_return;
    Asker asker{key(update), sender(query.from), {query.chat->id, std::nullopt}};
    co_await on_button(std::move(asker), *query.message, *action);
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
Async<void> Conversation::on_button(Asker asker, MessageId message, ButtonAction action) {
    SettingsChange settings;
    if (const auto* language = std::get_if<ChooseLanguage>(&action)) {
        settings.language = language->language;
        co_await change(std::move(asker), message, settings, "language");
    } else if (const auto* voice = std::get_if<ChooseVoice>(&action)) {
        settings.voice = voice->voice;
        co_await change(std::move(asker), message, settings, "voice");
    } else if (const auto* speed = std::get_if<ChooseSpeed>(&action)) {
        settings.speed_percent = speed->percent;
        co_await change(std::move(asker), message, settings, "speed");
    } else if (const auto* format = std::get_if<ChooseFormat>(&action)) {
        settings.reply_format = format->format;
        co_await change(std::move(asker), message, settings, "format");
    } else if (const auto* spoken = std::get_if<ChooseSpokenLanguage>(&action)) {
        settings.spoken_language = spoken->language;
        co_await change(std::move(asker), message, settings, "spoken");
    } else if (const auto* cancelled = std::get_if<CancelTask>(&action)) {
        co_await cancel(std::move(asker), cancelled->task, message);
    } else if (const auto* accepted = std::get_if<AcceptProposal>(&action)) {
        co_await accept_proposal(std::move(asker), accepted->proposal, message);
    } else if (std::holds_alternative<DeclineProposal>(action)) {
        co_await decline(std::move(asker), message);
    } else if (const auto* menu = std::get_if<ShowMenu>(&action)) {
        const auto kind = menu->menu == Menu::language ? Notice::Kind::language_menu
                          : menu->menu == Menu::voice  ? Notice::Kind::voice_menu
                                                       : Notice::Kind::settings_menu;
        co_await tell(std::move(asker), {kind, {}}, message);
    } else if (const auto* voices = std::get_if<ShowVoices>(&action)) {
        Notice notice{Notice::Kind::voice_menu, {{"language", voices->language}}};
        co_await tell(std::move(asker), std::move(notice), message);
    } else if (const auto* sample = std::get_if<HearSample>(&action)) {
        // A message of its own, delivered like any answer: once, in order, and again after a crash.
        co_await tell(std::move(asker), {Notice::Kind::voice_menu, {{"sample", sample->voice}}});
    } else if (const auto* history = std::get_if<ShowHistory>(&action)) {
        Notice notice{Notice::Kind::history, {{"before", std::to_string(history->before)}}};
        co_await tell(std::move(asker), std::move(notice), message);
    } else if (const auto* again = std::get_if<ResendResult>(&action)) {
        Notice notice{Notice::Kind::result_again, {{"task", again->task.value()}}};
        co_await tell(std::move(asker), std::move(notice), message);
    }
}

Async<void> Conversation::decline(Asker asker, MessageId prompt) {
    // After a yes the message is the task's, and its result must not be overwritten.
    if (co_await outside_.intake.find_asked(identity_.id, asker.place.chat, prompt))
        co_await tell(std::move(asker), {Notice::Kind::proposal_gone, {}});
    else
        co_await tell(std::move(asker), {Notice::Kind::cancelled, {}}, prompt);
}

Async<void> Conversation::change(Asker asker, MessageId message, SettingsChange settings,
                                 std::string what) {
    Notice notice{Notice::Kind::settings_changed, {{"what", std::move(what)}}};
    auto request = answer_request(asker, std::move(notice), message);
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
