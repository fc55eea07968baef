#pragma once

#include <optional>
#include <string_view>

#include "ports/store/deliveries.hpp"

namespace mlbilling {

/// How button_messages.kind names what a message with buttons is.
std::string_view to_string(ButtonMessage kind);
std::optional<ButtonMessage> parse_button_message(std::string_view name);

}  // namespace mlbilling
