#include "bot/notice_text.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "bot/button.hpp"
#include "bot/discretion.hpp"
#include "bot/menus.hpp"
#include "bot/result_answer.hpp"
#include "bot/worth.hpp"
#include "texts/failure_text.hpp"
#include "texts/languages.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

/// A figure in credits; zero where the notice does not have it.
Credits credits(const Notice& notice, const char* name) {
    return Credits::from(figure(notice, name).value_or(0)).value_or(Credits());
}

Account account_in(const Notice& notice) {
    return {credits(notice, "balance"), credits(notice, "held")};
}

/// Puts the paragraph after the text, with an empty line between.
void add(std::string& text, const std::string& paragraph) {
    if (!paragraph.empty()) text += "\n\n" + paragraph;
}

TextPart proposal_text(Language language, const Notice& notice, bool in_group) {
    const bool is_text = word(notice, "type") == to_string(TaskType::text);
    const auto units = figure(notice, "units").value_or(0);
    const auto price = counted(language, credits(notice, "price"));
    TextPart part;
    part.text =
        is_text
            ? render(language, TextId::proposal_text,
                     {{"characters", counted(language, Noun::character, units)}, {"price", price}})
            : render(language, TextId::proposal_voice,
                     {{"duration", clock_time(Duration(units))}, {"price", price}});
    if (!in_group)
        part.text +=
            "\n" + render(language, TextId::proposal_balance,
                          {{"available", counted(language, account_in(notice).available())}});
    const ProposalId proposal(figure(notice, "proposal").value_or(0));
    if (proposal.value() <= 0) return part;
    const auto yes = is_text ? TextId::button_yes_text : TextId::button_yes_voice;
    part.keyboard = {
        {{render(language, yes, {{"price", price}}), button_data(AcceptProposal{proposal})}},
        {{render(language, TextId::button_no), button_data(DeclineProposal{proposal})}}};
    return part;
}

std::string cancelled_text(Language language, const Notice& notice) {
    if (!figure(notice, "credits")) return render(language, TextId::declined);
    if (credits(notice, "credits") == Credits()) return render(language, TextId::cancelled);
    return render(language, TextId::cancelled_released,
                  {{"credits", counted(language, credits(notice, "credits"))}});
}

TextPart settings_changed_text(const ClaimedDelivery& delivery, const Engine& engine) {
    const auto& settings = delivery.profile.settings;
    const auto language = settings.language;
    const auto what = word(delivery.notice, "what");
    if (what == "language") return {render(language, TextId::language_saved), {}};
    if (what == "voice")
        return {render(language, TextId::voice_saved, {{"voice", voice_title(settings, engine)}}),
                {}};
    if (what == "spoken") {
        const auto name = language_name(language, spoken_language(settings));
        return {render(language, TextId::spoken_saved, {{"language", name}}), {}};
    }
    auto menu = settings_menu(settings, engine);
    menu.text = render(language, TextId::saved) + "\n\n" + menu.text;
    return menu;
}

TextPart uncertain_text(Language language, const Notice& notice) {
    const TaskId task(word(notice, "task"));
    if (task.value().empty()) return {render(language, TextId::answer_uncertain), {}};
    return {render(language, TextId::result_uncertain),
            {{{render(language, TextId::button_again), button_data(ResendResult{task})}}}};
}

TextPart kept_text(Language language, const Notice& notice) {
    const TaskId task(word(notice, "task"));
    return {render(language, TextId::result_kept),
            {{{render(language, TextId::button_again), button_data(ResendResult{task})}}}};
}

/// Hours and minutes of a moment in milliseconds of UTC.
std::string time_of_day(std::int64_t moment) {
    const auto minutes = moment / 60'000 % (24 * 60);
    const auto two_digits = [](std::int64_t value) {
        return (value < 10 ? "0" : "") + std::to_string(value);
    };
    return two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
}

std::string grant_text(Language language, const Notice& notice) {
    const auto amount = counted(language, credits(notice, "credits"));
    if (notice.kind == Notice::Kind::grant_given)
        return render(language, TextId::grant_given, {{"credits", amount}});
    const auto wait = counted(language, Noun::minute, figure(notice, "minutes").value_or(60));
    return render(
        language, TextId::grant_owed,
        {{"credits", amount},
         {"time", time_of_day(std::max<std::int64_t>(0, figure(notice, "due").value_or(0)))},
         {"wait", wait}});
}

/// A wait that is told to be kept: in minutes once a minute is little of it.
std::string waiting_time(Language language, Duration wait) {
    constexpr std::int64_t few_seconds = 300;
    constexpr std::int64_t step = 5;
    const auto seconds = (std::max<std::int64_t>(0, wait.count()) + 999) / 1'000;
    if (seconds < few_seconds)
        return counted(language, Noun::second, (seconds + step - 1) / step * step);
    return counted(language, Noun::minute, (seconds + 30) / 60);
}

/// The texts without figures or buttons.
TextId plain_text(Notice::Kind kind) {
    using Kind = Notice::Kind;
    switch (kind) {
        case Kind::banned: return TextId::banned;
        case Kind::not_cancellable: return TextId::not_cancellable;
        case Kind::unknown_command: return TextId::unknown_command;
        case Kind::unsupported_content: return TextId::unsupported_content;
        case Kind::nothing_to_say: return TextId::failure_nothing_to_say;
        case Kind::say_what: return TextId::say_what;
        case Kind::proposal_gone: return TextId::proposal_gone;
        case Kind::result_again: return TextId::toast_dead_button;
        default: return TextId::help;
    }
}

}  // namespace

std::optional<std::int64_t> figure(const Notice& notice, const char* name) {
    const auto found = notice.facts.find(name);
    if (found == notice.facts.end()) return std::nullopt;
    const auto& text = found->second;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string word(const Notice& notice, const char* name) {
    const auto found = notice.facts.find(name);
    return found == notice.facts.end() ? "" : found->second;
}

TextPart welcome_text(const ClaimedDelivery& delivery, const Engine& engine,
                      const std::vector<Price>& prices) {
    const auto language = delivery.profile.settings.language;
    const auto granted = credits(delivery.notice, "granted");
    const bool is_new = granted > Credits();
    const auto available = is_new ? granted : delivery.profile.account.available();
    auto text = render(language, TextId::welcome);
    if (is_in_group(delivery)) {
        add(text, render(language, TextId::help_groups));
        add(text, demonstration_note(language, engine));
        return {text, {}};
    }
    auto account =
        is_new
            ? render(language, TextId::welcome_granted, {{"credits", counted(language, granted)}})
            : render(language, TextId::balance_line,
                     {{"credits", counted(language, delivery.profile.account.balance)}});
    if (const auto worth = worth_of(language, available, prices); !worth.empty())
        account += " " + worth;
    add(text, account);
    add(text, demonstration_note(language, engine));
    return {text, {}};
}

TextPart help_text(Language language, const Engine& engine, const std::vector<Price>& prices) {
    auto text = render(language, TextId::help);
    add(text, price_line(language, prices));
    add(text, render(language, TextId::help_groups));
    add(text, demonstration_note(language, engine));
    return {text, {}};
}

TextPart balance_text(Language language, const Account& account, const std::vector<Price>& prices) {
    auto text = account.held == Credits()
                    ? render(language, TextId::balance_line,
                             {{"credits", counted(language, account.balance)}})
                    : render(language, TextId::balance_held,
                             {{"balance", counted(language, account.balance)},
                              {"held", counted(language, account.held)},
                              {"available", counted(language, account.available())}});
    const auto worth = worth_of(language, account.available(), prices);
    if (!worth.empty()) text += (account.held == Credits() ? " " : "\n") + worth;
    return {text, {}};
}

TextPart notice_text(const ClaimedDelivery& delivery, const Engine& engine) {
    using Kind = Notice::Kind;
    const auto& notice = delivery.notice;
    const auto& settings = delivery.profile.settings;
    const auto language = settings.language;
    switch (notice.kind) {
        case Kind::insufficient:
            return {insufficient_text(language, credits(notice, "price"), account_in(notice)), {}};
        case Kind::proposal: return proposal_text(language, notice, is_in_group(delivery));
        case Kind::cancelled: return {cancelled_text(language, notice), {}};
        case Kind::answer_uncertain: return uncertain_text(language, notice);
        case Kind::result_kept: return kept_text(language, notice);
        case Kind::result_refused:
            return {render(language, TextId::result_refused,
                           {{"cost", counted(language, credits(notice, "cost"))}}),
                    {}};
        case Kind::grant_owed:
        case Kind::grant_given: return {grant_text(language, notice), {}};
        case Kind::language_menu: return language_menu(settings);
        case Kind::voice_menu: return voice_menu(settings, engine, word(notice, "language"));
        case Kind::settings_menu: return settings_menu(settings, engine);
        case Kind::settings_changed: return settings_changed_text(delivery, engine);
        case Kind::privacy:
            return {render(language, TextId::privacy, {{"provider", engine.name}}), {}};
        case Kind::file_too_large: {
            const auto megabytes = word(notice, "megabytes");
            return {render(language, TextId::file_too_large, {{"megabytes", megabytes}}), {}};
        }
        case Kind::waits_for_turn: {
            const auto wait = waiting_time(language, Duration(figure(notice, "ms").value_or(0)));
            return {render(language, TextId::waits_for_turn, {{"wait", wait}}), {}};
        }
        case Kind::text_too_long: {
            const auto limit =
                counted(language, Noun::character, figure(notice, "limit").value_or(100'000));
            return {render(language, TextId::text_too_long, {{"limit", limit}}), {}};
        }
        default: return {render(language, plain_text(notice.kind)), {}};
    }
}

}  // namespace mlbilling::bot
