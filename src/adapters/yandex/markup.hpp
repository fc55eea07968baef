#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::yandex {

/// A user's normalised text as SpeechKit is to read it. Its markup is always on, so what a user
/// happens to write is taken out of it (`**`, `<[small]>`, `sil<[300]>`, `[[phonemes]]`). A stress
/// that the user marked, by U+0301 behind a vowel or by `+` before one, becomes SpeechKit's `+`.
/// Every other `+` is said, and emoji and symbols that nobody says, which cost like letters, are
/// left out. Empty when nothing is left to say.
std::string speakable(std::string_view text, std::string_view language);

/// Cuts speakable text at sentence ends into pieces of at most `longest` characters, and further
/// until each also `fits`.
std::vector<std::string> pieces_of(std::string_view speakable, std::size_t longest,
                                   const std::function<bool(std::string_view)>& fits);

/// Characters, a digit counted as the five that it is read as: what a request of limited time may
/// hold.
std::size_t spoken_length(std::string_view text);

}  // namespace mlbilling::yandex
