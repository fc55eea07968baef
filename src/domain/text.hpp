#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling {

/// Code points of one task's normalised text at most, whoever asks for it.
inline constexpr std::size_t max_text = 100'000;

/// The text as it is measured and voiced: every byte that is not valid UTF-8 becomes U+FFFD,
/// control characters become spaces, runs of white space become one space (a run with a newline
/// becomes one newline), both ends are trimmed.
std::string normalised(std::string_view text);

/// The part of the text without white space at its ends.
std::string_view trimmed(std::string_view valid_utf8);

/// Unicode code points of valid UTF-8 (Money rule 6). A combining mark counts as one of its own.
std::size_t count_code_points(std::string_view valid_utf8);

/// UTF-16 code units of valid UTF-8: Telegram's measure of a message's length (telegram.md 1.4).
std::size_t count_utf16_units(std::string_view valid_utf8);

/// Whether there is anything to say: at least one letter or digit of any script.
bool has_words(std::string_view valid_utf8);

/// Cuts valid UTF-8 into pieces of at most `longest` UTF-16 units (at least 2), at the last
/// sentence end that fits, else at the last white space, else between two code points. The pieces
/// joined hold every word of the text in order; none is empty, none begins or ends with white
/// space.
std::vector<std::string> split_at_sentences(std::string_view valid_utf8, std::size_t longest);

/// What a piece may hold: the sum of `length` over its code points is at most `longest`.
struct PieceLimit {
    std::size_t longest = 0;
    /// At least 1, at most `longest`.
    std::function<std::size_t(char32_t)> length;
};

/// Cuts valid UTF-8 into as few pieces as the limits allow, each of them kept: at sentence ends,
/// and within a sentence, at white space if there is some, only where that sentence alone exceeds a
/// limit. What is said of split_at_sentences() of the pieces holds.
std::vector<std::string> packed_sentences(std::string_view valid_utf8,
                                          const std::vector<PieceLimit>& limits);

/// UTF-16 code units of a code point.
std::size_t utf16_length(char32_t c);

/// At most `longest` UTF-16 units from the start of the text; where something was cut away, the
/// last of them is an ellipsis.
std::string shortened(std::string_view valid_utf8, std::size_t longest);

}  // namespace mlbilling
