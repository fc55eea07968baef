#include "adapters/yandex/markup.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "domain/text.hpp"

namespace mlbilling::yandex {
namespace {

constexpr char32_t stress = 0x301;
constexpr std::u32string_view vowels = U"аеёиоуыэюяАЕЁИОУЫЭЮЯәіөұүӘІӨҰҮ";
/// 24 s of speech hold some 360 letters.
constexpr std::size_t letters_per_second = 15;
/// A digit is read as three letters to six, by what it stands in. Taken for the least of them: a
/// piece that turns out too long is cut when Yandex refuses it.
constexpr std::size_t letters_in_a_digit = 3;

struct Range {
    char32_t first;
    char32_t last;
};

/// Emoji, arrows, drawings, direction marks, joiners, and what has no meaning of its own.
constexpr std::array unspoken{
    Range{0x200B, 0x200F},   Range{0x2028, 0x202E}, Range{0x2060, 0x206F}, Range{0x20E3, 0x20E3},
    Range{0x2190, 0x21FF},   Range{0x2300, 0x23FF}, Range{0x2500, 0x27BF}, Range{0x2900, 0x297F},
    Range{0x2B00, 0x2BFF},   Range{0x3030, 0x3030}, Range{0x303D, 0x303D}, Range{0xE000, 0xF8FF},
    Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFD}, Range{0x1F000, 0x1FAFF},
    Range{0xE0000, 0xE0FFF},
};

bool is_unspoken(char32_t value) {
    return std::any_of(unspoken.begin(), unspoken.end(), [value](const Range& range) {
        return value >= range.first && value <= range.last;
    });
}

bool is_vowel(char32_t value) { return vowels.find(value) != std::u32string_view::npos; }

bool is_cyrillic(char32_t value) { return value >= 0x400 && value <= 0x52F; }

bool is_latin(char32_t value) {
    return (value >= U'A' && value <= U'Z') || (value >= U'a' && value <= U'z');
}

bool is_digit(char32_t value) { return value >= U'0' && value <= U'9'; }

std::size_t letters_spoken(char32_t value) { return is_digit(value) ? letters_in_a_digit : 1; }

std::u32string code_points(std::string_view text) {
    std::u32string points;
    while (!text.empty()) {
        const auto point = utf8::first(text);
        points += point.value;
        text.remove_prefix(point.length);
    }
    return points;
}

std::u32string_view plus_in(std::string_view language) {
    if (language == "ru") return U" плюс ";
    if (language == "kk") return U" қосу ";
    if (language == "en" || language == "de") return U" plus ";
    return U" ";
}

/// Rewrites a text from its beginning to its end.
class Rewriter {
  public:
    Rewriter(std::string_view text, std::string_view language)
        : points_(code_points(text)), plus_(plus_in(language)) {}

    std::string rewritten() {
        for (at_ = 0; at_ < points_.size(); ++at_) rewrite(points_[at_]);
        std::string text;
        for (const auto point : written_) utf8::append(text, point);
        return normalised(text);
    }

  private:
    char32_t before() const { return at_ == 0 ? U' ' : points_[at_ - 1]; }
    char32_t after() const { return at_ + 1 == points_.size() ? U' ' : points_[at_ + 1]; }

    void rewrite(char32_t point) {
        switch (point) {
            case stress: return mark_stress();
            case U'+': return write_plus();
            // One alone is no markup.
            case U'*': return write(before() == U'*' || after() == U'*' ? U' ' : point);
            // All markup but these two is in square brackets.
            case U'[': return write(U'(');
            case U']': return write(U')');
            default: return write(is_unspoken(point) ? U' ' : point);
        }
    }

    /// Behind a letter that carries it; elsewhere it says nothing.
    void mark_stress() {
        if (!is_cyrillic(before())) return write(stress);
        if (!is_vowel(before()) || written_.empty()) return;
        const bool marked = written_.size() > 1 && written_[written_.size() - 2] == U'+';
        if (!marked) written_.insert(written_.size() - 1, 1, U'+');
    }

    void write_plus() {
        // What stands behind a digit or a Latin letter is a sum.
        const auto left = before();
        const bool sum = is_digit(left) || is_latin(left) || left == U')' || left == U'+';
        if (is_vowel(after()) && !sum) return write(U'+');
        written_ += plus_;
    }

    void write(char32_t point) { written_ += point; }

    std::u32string points_;
    std::u32string_view plus_;
    std::u32string written_;
    std::size_t at_ = 0;
};

/// Those in which there is something to say. A word longer than a piece may be cut between a stress
/// mark and its vowel.
std::vector<std::string> with_words(std::vector<std::string> pieces) {
    for (auto& piece : pieces)
        while (piece.ends_with('+')) piece.pop_back();
    std::erase_if(pieces, [](const std::string& piece) { return !has_words(piece); });
    return pieces;
}

}  // namespace

std::string speakable(std::string_view text, std::string_view language) {
    auto rewritten = Rewriter(text, language).rewritten();
    return has_words(rewritten) ? rewritten : std::string();
}

std::vector<std::string> pieces_of(std::string_view speakable, const RequestLimits& limits,
                                   int speed_percent) {
    const auto letters = static_cast<std::size_t>(limits.speech.count()) * letters_per_second /
                         1'000 * static_cast<std::size_t>(std::max(speed_percent, 10)) / 100;
    return with_words(packed_sentences(
        speakable, {{limits.characters, utf16_length}, {letters, letters_spoken}}));
}

std::vector<std::string> pieces_of(std::string_view speakable, std::size_t characters,
                                   std::size_t bytes) {
    const auto bytes_of = [](char32_t c) {
        std::string text;
        utf8::append(text, c);
        return text.size();
    };
    return with_words(packed_sentences(speakable, {{characters, utf16_length}, {bytes, bytes_of}}));
}

Duration time_to_speak(std::string_view text, int speed_percent) {
    std::size_t letters = 0;
    for (const auto point : code_points(text)) letters += letters_spoken(point);
    return Duration(static_cast<std::int64_t>(letters) * 1'000 * 100 /
                    (static_cast<std::int64_t>(letters_per_second) * std::max(speed_percent, 10)));
}

}  // namespace mlbilling::yandex
