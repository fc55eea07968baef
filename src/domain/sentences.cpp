#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/utf8.hpp"
#include "domain/characters.hpp"
#include "domain/text.hpp"

namespace mlbilling {
namespace {

constexpr std::u32string_view terminators = U".!?…‼⁇⁈⁉؟।";
/// These end a sentence without a space after them.
constexpr std::u32string_view wide_terminators = U"。！？｡";
constexpr std::u32string_view closers = U"\"')]}»›”’“」』）】〉》";

bool contains(std::u32string_view set, char32_t c) {
    return set.find(c) != std::u32string_view::npos;
}

/// Sees a text from left to right and knows between which two code points a sentence ends.
class SentenceWatch {
  public:
    /// Whether what was seen so far is a whole sentence, given what comes next.
    bool ends_before(char32_t next) const {
        if (is_newline(next)) return true;
        if (ended_ == Ended::narrow) return is_space(next);
        if (ended_ == Ended::wide) return !belongs_to_end(next);
        return false;
    }

    void see(char32_t c) {
        if (contains(wide_terminators, c)) {
            ended_ = Ended::wide;
        } else if (contains(terminators, c)) {
            if (!is_abbreviation(c)) ended_ = Ended::narrow;
        } else if (!contains(closers, c)) {
            ended_ = Ended::no;
        }
        word_length_ = is_word_character(c) ? word_length_ + 1 : 0;
        previous_ = c;
    }

  private:
    enum class Ended { no, narrow, wide };

    static bool belongs_to_end(char32_t c) {
        return contains(closers, c) || contains(terminators, c) || contains(wide_terminators, c);
    }
    /// "А. С. Пушкин", "т. е.", "e.g." do not end there.
    bool is_abbreviation(char32_t c) const {
        return c == U'.' && word_length_ == 1 && !is_digit(previous_);
    }

    Ended ended_ = Ended::no;
    std::size_t word_length_ = 0;
    char32_t previous_ = 0;
};

std::string_view without_leading_space(std::string_view text) {
    while (!text.empty()) {
        const auto c = utf8::first(text);
        if (!is_space(c.value)) break;
        text.remove_prefix(c.length);
    }
    return text;
}

/// Counts what a piece holds against its limits.
class Room {
  public:
    explicit Room(const std::vector<PieceLimit>& limits) : limits_(limits), used_(limits.size()) {}

    /// False when the code point does not fit any more.
    bool take(char32_t c) {
        for (std::size_t i = 0; i < limits_.size(); ++i)
            if ((used_[i] += limits_[i].length(c)) > limits_[i].longest) return false;
        return true;
    }

  private:
    const std::vector<PieceLimit>& limits_;
    std::vector<std::size_t> used_;
};

/// How far a text goes into a piece: in bytes, up to the last end of a sentence, of a word, and in
/// all.
struct Reach {
    std::size_t sentence = 0;
    std::size_t word = 0;
    std::size_t all = 0;
};

Reach reach_into(std::string_view text, const std::vector<PieceLimit>& limits) {
    SentenceWatch sentence;
    Room room(limits);
    Reach reach;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8::first(text.substr(at));
        if (sentence.ends_before(c.value)) reach.sentence = at;
        if (is_space(c.value)) reach.word = at;
        if (!room.take(c.value)) return reach;
        sentence.see(c.value);
        at += c.length;
        reach.all = at;
    }
    return reach;
}

/// Whether the sentence that the text begins with exceeds a limit by itself.
bool is_too_long(std::string_view text, const std::vector<PieceLimit>& limits) {
    const auto reach = reach_into(text, limits);
    return reach.all < text.size() && reach.sentence == 0;
}

/// Bytes of the piece that the text, which begins with no white space, begins with. With `fill` a
/// sentence that has to be cut in any case begins in the piece before it.
std::size_t length_of_piece(std::string_view text, const std::vector<PieceLimit>& limits,
                            bool fill) {
    const auto reach = reach_into(text, limits);
    if (reach.all == text.size()) return reach.all;
    const bool cut =
        reach.sentence == 0 ||
        (fill && is_too_long(without_leading_space(text.substr(reach.sentence)), limits));
    if (!cut) return reach.sentence;
    const auto end = std::max(reach.word, reach.sentence);
    return end > 0 ? end : reach.all;
}

std::vector<std::string> pieces_of(std::string_view text, const std::vector<PieceLimit>& limits,
                                   bool fill) {
    std::vector<std::string> pieces;
    auto rest = without_leading_space(text);
    while (!rest.empty()) {
        const auto length = length_of_piece(rest, limits, fill);
        CHECK(length > 0);
        pieces.emplace_back(trimmed(rest.substr(0, length)));
        rest = without_leading_space(rest.substr(length));
    }
    return pieces;
}

}  // namespace

std::vector<std::string> split_at_sentences(std::string_view valid_utf8, std::size_t longest) {
    CHECK(longest >= 2);
    return pieces_of(valid_utf8, {{longest, utf16_length}}, false);
}

std::vector<std::string> packed_sentences(std::string_view valid_utf8,
                                          const std::vector<PieceLimit>& limits) {
    return pieces_of(valid_utf8, limits, true);
}

}  // namespace mlbilling
