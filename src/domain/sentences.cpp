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

/// Bytes of the piece that the text, which begins with no white space, begins with.
std::size_t length_of_piece(std::string_view text, std::size_t longest) {
    SentenceWatch sentence;
    std::size_t units = 0;
    std::size_t sentence_end = 0;
    std::size_t word_end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8::first(text.substr(at));
        if (sentence.ends_before(c.value)) sentence_end = at;
        if (is_space(c.value)) word_end = at;
        units += c.value > 0xFFFF ? 2 : 1;
        if (units > longest) return sentence_end > 0 ? sentence_end : word_end > 0 ? word_end : at;
        sentence.see(c.value);
        at += c.length;
    }
    return text.size();
}

std::string_view without_leading_space(std::string_view text) {
    while (!text.empty()) {
        const auto c = utf8::first(text);
        if (!is_space(c.value)) break;
        text.remove_prefix(c.length);
    }
    return text;
}

}  // namespace

std::vector<std::string> split_at_sentences(std::string_view valid_utf8, std::size_t longest) {
    CHECK(longest >= 2);
    std::vector<std::string> pieces;
    auto rest = without_leading_space(valid_utf8);
    while (!rest.empty()) {
        const auto length = length_of_piece(rest, longest);
        pieces.emplace_back(trimmed(rest.substr(0, length)));
        rest = without_leading_space(rest.substr(length));
    }
    return pieces;
}

}  // namespace mlbilling
