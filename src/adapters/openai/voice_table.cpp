#include "adapters/openai/voice_table.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/utf8.hpp"

namespace mlbilling::openai {
namespace {

constexpr std::size_t longest_id = 24;

bool is_cyrillic(char32_t letter) { return letter >= 0x0400 && letter <= 0x04FF; }

bool has_cyrillic(std::string_view text) {
    while (!text.empty()) {
        const auto point = utf8::first(text);
        if (is_cyrillic(point.value)) return true;
        text.remove_prefix(point.length);
    }
    return false;
}

bool is_id(std::string_view name) {
    return !name.empty() && name.size() <= longest_id &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
               std::string_view::npos;
}

bool is_language(std::string_view code) {
    return code.size() == 2 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string titled(std::string_view name) {
    std::string title(name);
    if (title.front() >= 'a' && title.front() <= 'z')
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

NamedVoice named(std::string_view name, std::string_view language, std::string id) {
    return {
        {std::move(id), titled(name) + " (" + std::string(language) + ")", std::string(language)},
        std::string(name)};
}

bool is_taken(const std::vector<NamedVoice>& voices, std::string_view id) {
    return std::any_of(voices.begin(), voices.end(),
                       [&](const NamedVoice& known) { return known.voice.id == id; });
}

}  // namespace

std::vector<NamedVoice> default_voices() {
    std::vector<NamedVoice> voices;
    for (const std::string_view language : {"ru", "en"})
        for (const std::string_view name : {"alloy", "nova", "onyx", "shimmer", "echo", "fable"})
            voices.push_back(
                named(name, language, std::string(name) + "-" + std::string(language)));
    return voices;
}

Result<std::vector<NamedVoice>> parse_voices(std::string_view list) {
    std::vector<NamedVoice> voices;
    while (!list.empty()) {
        const auto entry = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), entry.size() + 1));
        const auto colon = entry.find(':');
        const auto name = entry.substr(0, colon);
        const auto language =
            colon == std::string_view::npos ? std::string_view() : entry.substr(colon + 1);
        if (name.empty() || !is_language(language))
            return Problem{"\"" + std::string(entry) +
                           "\" is no voice: write name:language, e.g. alloy:ru"};
        auto id = std::string(name) + "-" + std::string(language);
        std::replace(id.begin(), id.end(), '.', '_');
        if (!is_id(id))
            return Problem{"\"" + std::string(name) +
                           "\" is too long for a voice, or has other "
                           "characters than a-z, 0-9, _, - and ."};
        if (is_taken(voices, id)) return Problem{"voice " + id + " is named twice"};
        voices.push_back(named(name, language, std::move(id)));
    }
    if (voices.empty()) return Problem{"no voice is named"};
    return voices;
}

const NamedVoice& voice_for(const std::vector<NamedVoice>& voices, std::string_view id,
                            std::string_view text) {
    CHECK(!voices.empty());
    const auto asked = std::find_if(voices.begin(), voices.end(),
                                    [&](const NamedVoice& known) { return known.voice.id == id; });
    if (asked != voices.end()) return *asked;
    const bool cyrillic = has_cyrillic(text);
    const auto fitting = std::find_if(voices.begin(), voices.end(), [&](const NamedVoice& known) {
        return (known.voice.language == "ru") == cyrillic;
    });
    return fitting != voices.end() ? *fitting : voices.front();
}

const std::vector<std::string>& recognised_languages() {
    static const std::vector<std::string> languages{
        "ru", "en", "af", "ar", "az", "be", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "es",
        "et", "fa", "fi", "fr", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "kk",
        "kn", "ko", "lt", "lv", "mi", "mk", "mr", "ms", "ne", "nl", "no", "pl", "pt", "ro", "sk",
        "sl", "sr", "sv", "sw", "ta", "th", "tl", "tr", "uk", "ur", "vi", "zh"};
    return languages;
}

}  // namespace mlbilling::openai
