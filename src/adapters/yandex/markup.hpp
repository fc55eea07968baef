#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::yandex {

/// A user's normalised text as SpeechKit is to read it. Its markup is always on, so what a user
/// happens to write is taken out of it (`**`, `<[small]>`, `sil<[300]>`, `[[phonemes]]`). A stress
/// that the user marked, by U+0301 behind a vowel or by `+` before one, becomes SpeechKit's `+`.
/// Every other `+` is said, and emoji and symbols that nobody says, which cost like letters, are
/// left out. Empty when nothing is left to say.
std::string speakable(std::string_view text, std::string_view language);

/// What one request of v3 may hold (https://yandex.cloud/docs/speechkit/concepts/limits):
/// characters of text, and seconds of speech, which are estimated.
struct RequestLimits {
    std::size_t characters = 250;
    Duration speech{24'000};
};

/// Cuts speakable text into as few pieces as the limits allow, at sentence ends where they fit.
std::vector<std::string> pieces_of(std::string_view speakable, const RequestLimits& limits,
                                   int speed_percent);
/// The same by characters and by bytes alone.
std::vector<std::string> pieces_of(std::string_view speakable, std::size_t characters,
                                   std::size_t bytes);

/// How long a text takes to speak, about.
Duration time_to_speak(std::string_view text, int speed_percent);

}  // namespace mlbilling::yandex
