#include "bot/button.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "base/check.hpp"
#include "domain/names.hpp"

namespace mlbilling::bot {
namespace {

constexpr std::size_t longest_data = 64;
constexpr Names<Menu, 3> menu_names{
    {{Menu::language, "language"}, {Menu::voice, "voice"}, {Menu::settings, "settings"}}};

/// A whole decimal number without sign or leading zero within the bounds.
std::optional<std::int64_t> number_in(std::string_view text, std::int64_t lowest,
                                      std::int64_t highest) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (text.starts_with('-') || (text.size() > 1 && text.starts_with('0'))) return std::nullopt;
    if (value < lowest || value > highest) return std::nullopt;
    return value;
}

std::optional<std::int64_t> id_in(std::string_view text) {
    return number_in(text, 1, std::numeric_limits<std::int64_t>::max());
}

bool is_voice_id(std::string_view text) {
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

bool is_language_code(std::string_view text) {
    return text.size() == 2 &&
           std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// `{chat_id}_{message_id}`, perhaps with a suffix `.2`, `.3`; a group's chat id is negative.
bool is_task_id(std::string_view text) {
    const auto bar = text.find('_');
    if (bar == std::string_view::npos) return false;
    auto chat = text.substr(0, bar);
    if (chat.starts_with('-')) chat.remove_prefix(1);
    const auto message = text.substr(bar + 1);
    const auto dot = message.find('.');
    if (dot != std::string_view::npos &&
        !number_in(message.substr(dot + 1), 2, std::numeric_limits<std::int64_t>::max()))
        return false;
    return id_in(chat) && id_in(message.substr(0, dot));
}

template <class Action, class Value>
std::optional<ButtonAction> action_with(std::optional<Value> value) {
    if (!value) return std::nullopt;
    return Action{*value};
}

template <class Action>
std::optional<ButtonAction> action_if(bool valid, std::string_view value) {
    if (!valid) return std::nullopt;
    return Action{std::string(value)};
}

template <class Action, class Id>
std::optional<ButtonAction> action_for(std::string_view value) {
    const auto id = id_in(value);
    if (!id) return std::nullopt;
    return Action{Id(*id)};
}

std::optional<ButtonAction> parse_speed(std::string_view value) {
    const auto percent = number_in(value, 50, 200);
    if (!percent) return std::nullopt;
    return ChooseSpeed{static_cast<int>(*percent)};
}

template <class Action>
std::optional<ButtonAction> action_for_task(std::string_view value) {
    if (!is_task_id(value)) return std::nullopt;
    return Action{TaskId(std::string(value))};
}

struct Writer {
    std::string operator()(const ChooseLanguage& action) const {
        return "lang:" + std::string(to_string(action.language));
    }
    std::string operator()(const ChooseVoice& action) const { return "voice:" + action.voice; }
    std::string operator()(const ShowVoices& action) const { return "voices:" + action.language; }
    std::string operator()(const HearSample& action) const { return "sample:" + action.voice; }
    std::string operator()(const ChooseSpeed& action) const {
        return "speed:" + std::to_string(action.percent);
    }
    std::string operator()(const ChooseFormat& action) const {
        return "format:" + std::string(to_string(action.format));
    }
    std::string operator()(const ChooseSpokenLanguage& action) const {
        return "spoken:" + action.language;
    }
    std::string operator()(const CancelTask& action) const {
        return "cancel:" + action.task.value();
    }
    std::string operator()(const AcceptProposal& action) const {
        return "go:" + std::to_string(action.proposal.value());
    }
    std::string operator()(const DeclineProposal& action) const {
        return "no:" + std::to_string(action.proposal.value());
    }
    std::string operator()(const ShowMenu& action) const {
        return "menu:" + std::string(name_of(menu_names, action.menu));
    }
    std::string operator()(const ShowHistory& action) const {
        return "history:" + std::to_string(action.before);
    }
    std::string operator()(const ResendResult& action) const {
        return "again:" + action.task.value();
    }
};

}  // namespace

std::optional<ButtonAction> parse_button(std::string_view data) {
    const auto colon = data.find(':');
    if (data.size() > longest_data || colon == std::string_view::npos) return std::nullopt;
    const auto name = data.substr(0, colon);
    const auto value = data.substr(colon + 1);
    if (name == "lang") return action_with<ChooseLanguage>(parse_language(value));
    if (name == "voice") return action_if<ChooseVoice>(is_voice_id(value), value);
    if (name == "voices") return action_if<ShowVoices>(is_language_code(value), value);
    if (name == "sample") return action_if<HearSample>(is_voice_id(value), value);
    if (name == "speed") return parse_speed(value);
    if (name == "format") return action_with<ChooseFormat>(parse_reply_format(value));
    if (name == "spoken") return action_if<ChooseSpokenLanguage>(is_language_code(value), value);
    if (name == "cancel") return action_for_task<CancelTask>(value);
    if (name == "go") return action_for<AcceptProposal, ProposalId>(value);
    if (name == "no") return action_for<DeclineProposal, ProposalId>(value);
    if (name == "menu") return action_with<ShowMenu>(value_of(menu_names, value));
    if (name == "history") return action_for<ShowHistory, std::int64_t>(value);
    if (name == "again") return action_for_task<ResendResult>(value);
    return std::nullopt;
}

std::string button_data(const ButtonAction& action) {
    auto data = std::visit(Writer{}, action);
    CHECK(parse_button(data).has_value());
    return data;
}

}  // namespace mlbilling::bot
