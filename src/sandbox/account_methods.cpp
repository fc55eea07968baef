#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "sandbox/bot_json.hpp"
#include "sandbox/methods.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t most_commands = 100;
constexpr std::size_t longest_command = 32;
constexpr std::size_t longest_description = 256;

std::string string_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

OrRefusal<Command> command_of(const json::value& value) {
    if (!value.is_object()) return bad_request("can't parse BotCommand: expected an Object");
    Command command{string_field(value.get_object(), "command"),
                    trimmed(string_field(value.get_object(), "description"))};
    if (command.command.starts_with('/')) command.command.erase(0, 1);
    const auto& name = command.command;
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (name.empty() || name.size() > longest_command || !plain)
        return bad_request("BOT_COMMAND_INVALID");
    const auto length = utf16_length(command.description);
    if (length == 0 || length > longest_description)
        return bad_request("BOT_COMMAND_DESCRIPTION_INVALID");
    return command;
}

/// The scope in one spelling (`default` for none) and the language.
OrRefusal<Commands::Key> key_of(const Parameters& parameters) {
    const auto language = parameters.text("language_code");
    const bool two_letters = language.size() == 2 && language == lower_case(language);
    if (!language.empty() && !two_letters) return bad_request("invalid language code specified");
    const auto scope = parameters.text("scope");
    if (scope.empty()) return Commands::Key("default", language);
    boost::system::error_code error;
    const auto parsed = json::parse(scope, error);
    if (error) return bad_request("can't parse BotCommandScope JSON object");
    if (!parsed.is_object())
        return bad_request("can't parse BotCommandScope: BotCommandScope must be an Object");
    const auto type = string_field(parsed.get_object(), "type");
    if (type.empty() || scope.size() > 200)
        return bad_request("can't parse BotCommandScope: unsupported type specified");
    return Commands::Key(type == "default" ? type : json::serialize(parsed), language);
}

}  // namespace

Answer get_me(State& /*state*/, const Call& call) {
    auto out = bot_user_json(call.bot);
    out["can_join_groups"] = true;
    out["can_read_all_group_messages"] = false;
    out["supports_inline_queries"] = false;
    out["can_connect_to_business"] = false;
    out["has_main_web_app"] = false;
    return success(json::serialize(out));
}

Answer set_my_commands(State& state, const Call& call) {
    auto key = key_of(call.parameters);
    if (!key) return key.error();
    const auto text = call.parameters.text("commands");
    boost::system::error_code error;
    const auto parsed = json::parse(text.empty() ? "[]" : text, error);
    if (error) return bad_request("can't parse commands JSON object");
    if (!parsed.is_array()) return bad_request("expected an Array of BotCommand");
    if (parsed.get_array().size() > most_commands) return bad_request("BOT_COMMANDS_TOO_MUCH");
    std::vector<Command> commands;
    for (const auto& value : parsed.get_array()) {
        auto command = command_of(value);
        if (!command) return command.error();
        commands.push_back(std::move(*command));
    }
    state.commands.set(std::move(*key), std::move(commands));
    return success("true");
}

Answer get_my_commands(State& state, const Call& call) {
    const auto key = key_of(call.parameters);
    if (!key) return key.error();
    json::array out;
    for (const auto& command : state.commands.get(*key)) {
        out.push_back(
            json::object{{"command", command.command}, {"description", command.description}});
    }
    return success(json::serialize(out));
}

Answer delete_my_commands(State& state, const Call& call) {
    auto key = key_of(call.parameters);
    if (!key) return key.error();
    state.commands.set(std::move(*key), {});
    return success("true");
}

}  // namespace mlbilling::sandbox
