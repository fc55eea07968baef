#include "domain/transcript.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.hpp"
#include "domain/characters.hpp"

namespace mlbilling {
namespace {

/// What a remark begins and ends with.
struct Marks {
    char32_t begin;
    char32_t end;
};
constexpr std::array all_marks{
    Marks{U'[', U']'},           Marks{U'(', U')'},           Marks{U'{', U'}'},
    Marks{U'<', U'>'},           Marks{U'*', U'*'},           Marks{U'\u266A', U'\u266A'},
    Marks{U'\u266B', U'\u266B'}, Marks{U'\u3010', U'\u3011'}, Marks{U'\uFF08', U'\uFF09'}};

const Marks* marks_of(char32_t begin) {
    const auto found = std::find_if(all_marks.begin(), all_marks.end(),
                                    [begin](const Marks& marks) { return marks.begin == begin; });
    return found == all_marks.end() ? nullptr : &*found;
}

/// The text behind the remark that it begins with, or all of it when no end follows.
std::string_view after_remark(std::string_view text, const Marks& marks) {
    auto rest = text.substr(utf8::first(text).length);
    int depth = 1;
    while (!rest.empty()) {
        const auto c = utf8::first(rest);
        rest.remove_prefix(c.length);
        if (c.value == marks.end)
            --depth;
        else if (c.value == marks.begin)
            ++depth;
        if (depth == 0) return rest;
    }
    return text;
}

/// Words alone, in small letters of ASCII and Cyrillic, with one space between.
std::string words_of(std::string_view text) {
    std::string words;
    bool gap = false;
    while (!text.empty()) {
        const auto c = utf8::first(text);
        text.remove_prefix(c.length);
        if (!is_word_character(c.value)) {
            gap = !words.empty();
            continue;
        }
        if (gap) words += ' ';
        gap = false;
        auto letter = c.value;
        if (letter >= U'A' && letter <= U'Z') letter += U'a' - U'A';
        if (letter >= U'А' && letter <= U'Я') letter += U'а' - U'А';
        if (letter == U'Ё' || letter == U'ё') letter = U'е';
        utf8::append(words, letter);
    }
    return words;
}

constexpr std::array<std::string_view, 24> phrases{"thank you",
                                                   "thanks",
                                                   "you",
                                                   "bye",
                                                   "thank you for watching",
                                                   "thanks for watching",
                                                   "thank you so much for watching",
                                                   "thank you very much for watching",
                                                   "thanks for watching and see you next time",
                                                   "thank you for your attention",
                                                   "please subscribe",
                                                   "please subscribe to my channel",
                                                   "like and subscribe",
                                                   "don t forget to like and subscribe",
                                                   "see you next time",
                                                   "see you in the next video",
                                                   "продолжение следует",
                                                   "спасибо за просмотр",
                                                   "спасибо за внимание",
                                                   "спасибо",
                                                   "до новых встреч",
                                                   "подписывайтесь на канал",
                                                   "ставьте лайки и подписывайтесь на канал",
                                                   "всем пока"};

/// What the credits of subtitles begin with; names follow.
constexpr std::array<std::string_view, 9> beginnings{
    "субтитры сделал",      "субтитры создавал", "субтитры подготовил",
    "субтитры предоставил", "субтитры добавил",  "редактор субтитров",
    "subtitles by",         "transcription by",  "subs by"};
/// Words of such a line of credits at most.
constexpr std::ptrdiff_t longest_credits = 8;

bool is_invented(const std::string& words) {
    if (std::find(phrases.begin(), phrases.end(), words) != phrases.end()) return true;
    const bool begins = std::any_of(beginnings.begin(), beginnings.end(),
                                    [&](auto beginning) { return words.starts_with(beginning); });
    return begins && std::count(words.begin(), words.end(), ' ') < longest_credits;
}

}  // namespace

bool is_only_remarks(std::string_view transcript) {
    while (!transcript.empty()) {
        const auto c = utf8::first(transcript);
        if (const auto* marks = marks_of(c.value)) {
            const auto rest = after_remark(transcript, *marks);
            if (rest.size() < transcript.size()) {
                transcript = rest;
                continue;
            }
        }
        if (is_word_character(c.value)) return false;
        transcript.remove_prefix(c.length);
    }
    return true;
}

bool is_invented_for_silence(std::string_view transcript) {
    const auto whole = words_of(transcript);
    if (whole.empty()) return false;
    if (is_invented(whole)) return true;
    // Such phrases come in a row, too: each sentence must be one.
    while (!transcript.empty()) {
        const auto end = std::min(transcript.find_first_of(".!?\n"), transcript.size());
        const auto words = words_of(transcript.substr(0, end));
        if (!words.empty() && !is_invented(words)) return false;
        transcript.remove_prefix(std::min(end + 1, transcript.size()));
    }
    return true;
}

}  // namespace mlbilling
