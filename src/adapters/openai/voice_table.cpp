#include "adapters/openai/voice_table.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/utf8.hpp"

namespace mlbilling::openai {
namespace {

/// A button's data are at most 64 bytes (telegram.md 1.4), and it holds more than the id.
constexpr std::size_t max_id = 40;

bool is_cyrillic(char32_t letter) { return letter >= 0x0400 && letter <= 0x04FF; }

bool has_cyrillic(std::string_view text) {
    while (!text.empty()) {
        const auto point = utf8::first(text);
        if (is_cyrillic(point.value)) return true;
        text.remove_prefix(point.length);
    }
    return false;
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What a server may call a voice: anything that can be seen.
bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F;
    });
}

std::string id_of(std::string_view name, std::string_view language) {
    auto id = std::string(name) + "-" + std::string(language);
    std::replace_if(id.begin(), id.end(), [](char c) { return !is_id_character(c); }, '_');
    return id;
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
        const auto piece = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), piece.size() + 1));
        const auto entry = trimmed(piece);
        // The last one: a server's name may hold a colon, too.
        const auto colon = std::min(entry.rfind(':'), entry.size());
        const auto name = trimmed(entry.substr(0, colon));
        const auto language = trimmed(entry.substr(std::min(colon + 1, entry.size())));
        if (!is_name(name) || !is_language(language))
            return Problem{"\"" + std::string(entry) +
                           "\" is no voice: write name:language, e.g. alloy:ru"};
        auto id = id_of(name, language);
        if (id.size() > max_id)
            return Problem{"\"" + std::string(name) + "\" is longer than " +
                           std::to_string(max_id - 3) + " bytes"};
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
