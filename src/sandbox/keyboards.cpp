#include <boost/json.hpp>

#include "sandbox/targets.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

/// Telegram limits a keyboard by its size without saying how (REPLY_MARKUP_TOO_LONG).
constexpr std::size_t most_buttons = 100;
constexpr std::size_t longest_data = 64;
constexpr std::size_t longest_url = 2048;

std::string string_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

OrRefusal<Button> button_of(const json::value& value) {
    const std::string broken = "can't parse inline keyboard button: ";
    if (!value.is_object()) return bad_request(broken + "InlineKeyboardButton must be an Object");
    const auto& object = value.get_object();
    Button button{string_field(object, "text"), string_field(object, "callback_data"),
                  string_field(object, "url")};
    if (!object.contains("text")) return bad_request(broken + "Can't find field \"text\"");
    if (trimmed(button.text).empty())
        return bad_request("inline keyboard button text must be non-empty");
    if (!button.url.empty()) {
        button.data.clear();
        if (button.url.size() > longest_url) return bad_request("BUTTON_URL_INVALID");
        return button;
    }
    if (button.data.empty()) {
        return bad_request(broken + "Text buttons are unallowed in the inline keyboard");
    }
    if (button.data.size() > longest_data) return bad_request("BUTTON_DATA_INVALID");
    return button;
}

}  // namespace

OrRefusal<Keyboard> keyboard_of(const Parameters& parameters) {
    const auto text = parameters.text("reply_markup");
    if (text.empty()) return Keyboard();
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    if (error) return bad_request("can't parse reply keyboard markup JSON object");
    if (!parsed.is_object()) return bad_request("object expected as reply markup");
    const auto* rows = parsed.get_object().if_contains("inline_keyboard");
    if (rows == nullptr && parsed.get_object().empty()) return Keyboard();
    if (rows == nullptr) return bad_request("the sandbox supports inline keyboards only");
    const std::string broken =
        "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays";
    if (!rows->is_array()) return bad_request(broken);
    Keyboard keyboard;
    std::size_t count = 0;
    for (const auto& row : rows->get_array()) {
        if (!row.is_array()) return bad_request(broken);
        std::vector<Button> buttons;
        for (const auto& value : row.get_array()) {
            if (++count > most_buttons) return bad_request("reply markup is too long");
            auto button = button_of(value);
            if (!button) return button.error();
            buttons.push_back(*button);
        }
        if (!buttons.empty()) keyboard.push_back(std::move(buttons));
    }
    return keyboard;
}

}  // namespace mlbilling::sandbox
