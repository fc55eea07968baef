#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::sandbox {

// Written apart from domain/text on purpose: the sandbox judges what the service sends, so it must
// not share the service's mistakes.

/// Whether the bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// UTF-16 code units, Telegram's measure of lengths and offsets (telegram.md 1.4).
std::size_t utf16_length(std::string_view valid_utf8);

/// Without ASCII white space at both ends.
std::string trimmed(std::string_view text);

std::string lower_case(std::string_view ascii);

/// A stretch of a message with a meaning of its own; places in UTF-16 units.
struct Entity {
    enum class Kind { bot_command, mention };
    Kind kind = Kind::bot_command;
    std::size_t offset = 0;
    std::size_t length = 0;
    /// The bytes of it, e.g. `/start@some_bot`.
    std::string text;
};

/// Commands and mentions that Telegram marks in what users write; links and the like are left out.
std::vector<Entity> entities_of(std::string_view valid_utf8);

}  // namespace mlbilling::sandbox
