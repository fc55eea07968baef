#pragma once

#include <string_view>

namespace mlbilling {

/// Whether a normalised transcript says nothing but what the recogniser remarks of sounds that are
/// no speech: words in brackets or between stars or notes, as `[BLANK_AUDIO]`, `(music)`,
/// `*sighs*`, `♪ ♪`; or holds no word at all.
bool is_only_remarks(std::string_view transcript);

/// Whether it is one of the phrases, and nothing else, that recognisers are known to invent where
/// nobody speaks: they have learned from films, whose subtitles have them at the end.
bool is_invented_for_silence(std::string_view transcript);

}  // namespace mlbilling
