#pragma once

#include <string>
#include <string_view>

namespace mlbilling::local_speech {

enum class Script {
    latin,
    cyrillic,
    greek,
    armenian,
    georgian,
    hebrew,
    arabic,
    devanagari,
    japanese,
    korean,
    chinese,
    other
};

/// Script of the text's first letter that is not Latin; Latin if there is none.
Script script_of(std::string_view valid_utf8);

/// The text in ASCII: Latin letters lose their accents, typographic marks become plain ones, what
/// has no counterpart becomes a space. For engines that know nothing else.
std::string to_ascii(std::string_view valid_utf8);

}  // namespace mlbilling::local_speech
