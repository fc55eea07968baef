#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ports/speech.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// A message of text. The first part of an answer replaces the message that the answer edits.
struct TextPart {
    std::string text;
    telegram::Keyboard keyboard;
};
/// A voice from the result store.
struct VoicePart {
    ResultKey key;
    Duration duration{};
    std::string caption;
    /// See ResultPart.
    std::optional<std::size_t> bytes = std::nullopt;
};
struct DocumentPart {
    std::string bytes;
    std::string file_name;
    std::string mime_type;
    std::string caption;
};
/// A voice to be heard before it is chosen.
struct SamplePart {
    Voice voice;
};
using Part = std::variant<TextPart, VoicePart, DocumentPart, SamplePart>;

/// What is sent for a delivery, one message each, in order. The same delivery always makes the same
/// number of parts, so that one which was cut off goes on where it stopped.
using Answer = std::vector<Part>;

/// The longest message and caption in UTF-16 units (telegram.md 1.4).
inline constexpr std::size_t longest_message = 4096;
inline constexpr std::size_t longest_caption = 1024;

}  // namespace mlbilling::bot
