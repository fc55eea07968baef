#pragma once

#include <string>
#include <string_view>

#include "domain/user.hpp"

namespace mlbilling {

/// The name of a language in `language`, e.g. "английский" for `en`; the code itself in capitals
/// where the name is not known.
std::string language_name(Language language, std::string_view code);

/// A short phrase in the language of the code, for hearing a voice: digits, which every engine
/// reads in its own language, where no phrase is known.
std::string sample_phrase(std::string_view code);

}  // namespace mlbilling
