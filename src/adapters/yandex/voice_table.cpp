#include "adapters/yandex/voice_table.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace mlbilling::yandex {
namespace {

/// https://yandex.cloud/ru/docs/speechkit/tts/voices. The first voice of a language that an API has
/// is its default there.
constexpr std::array voices{
    YandexVoice{"marina", "Марина", "ru", "ru-RU", "neutral,whisper,friendly", false, true},
    YandexVoice{"alena", "Алёна", "ru", "ru-RU", "neutral,good", true, true},
    YandexVoice{"filipp", "Филипп", "ru", "ru-RU", "", true, true},
    YandexVoice{"ermil", "Ермил", "ru", "ru-RU", "neutral,good", true, true},
    YandexVoice{"jane", "Джейн", "ru", "ru-RU", "neutral,good,evil", true, true},
    YandexVoice{"omazh", "Омаж", "ru", "ru-RU", "neutral,evil", true, true},
    YandexVoice{"zahar", "Захар", "ru", "ru-RU", "neutral,good", true, true},
    YandexVoice{"madirus", "Мадирус", "ru", "ru-RU", "", true, true},
    YandexVoice{"dasha", "Даша", "ru", "ru-RU", "neutral,good,friendly", false, true},
    YandexVoice{"julia", "Юлия", "ru", "ru-RU", "neutral,strict", false, true},
    YandexVoice{"lera", "Лера", "ru", "ru-RU", "neutral,friendly", false, true},
    YandexVoice{"masha", "Маша", "ru", "ru-RU", "good,strict,friendly", false, true},
    YandexVoice{"alexander", "Александр", "ru", "ru-RU", "neutral,good", false, true},
    YandexVoice{"kirill", "Кирилл", "ru", "ru-RU", "neutral,strict,good", false, true},
    YandexVoice{"anton", "Антон", "ru", "ru-RU", "neutral,good", false, true},
    YandexVoice{"john", "John", "en", "en-US", "", true, true},
    YandexVoice{"lea", "Lea", "de", "de-DE", "", true, true},
    YandexVoice{"amira", "Әмира", "kk", "kk-KK", "", true, true},
    YandexVoice{"madi", "Мәди", "kk", "kk-KK", "", true, true},
    YandexVoice{"saule", "Сәуле", "kk", "kk-KK", "", false, true},
    YandexVoice{"zhanar", "Жанар", "kk", "kk-KK", "", false, true},
    YandexVoice{"nigora", "Nigora", "uz", "uz-UZ", "", true, true},
    YandexVoice{"naomi", "נעמי", "he", "he-IL", "modern,classic", false, true},
};

struct RecognitionLanguage {
    std::string_view language;
    std::string_view code;
};

/// https://yandex.cloud/ru/docs/speechkit/stt/models, without `auto`, which does not normalise.
constexpr std::array recognition_languages{
    RecognitionLanguage{"ru", "ru-RU"}, RecognitionLanguage{"en", "en-US"},
    RecognitionLanguage{"kk", "kk-KZ"}, RecognitionLanguage{"uz", "uz-UZ"},
    RecognitionLanguage{"tr", "tr-TR"}, RecognitionLanguage{"de", "de-DE"},
    RecognitionLanguage{"fr", "fr-FR"}, RecognitionLanguage{"es", "es-ES"},
    RecognitionLanguage{"it", "it-IT"}, RecognitionLanguage{"pt", "pt-PT"},
    RecognitionLanguage{"pl", "pl-PL"}, RecognitionLanguage{"nl", "nl-NL"},
    RecognitionLanguage{"fi", "fi-FI"}, RecognitionLanguage{"sv", "sv-SE"},
    RecognitionLanguage{"he", "he-HE"},
};

constexpr auto recognised = [] {
    std::array<std::string_view, recognition_languages.size()> languages;
    for (std::size_t i = 0; i < languages.size(); ++i)
        languages[i] = recognition_languages[i].language;
    return languages;
}();

const YandexVoice* voice_named(std::string_view id, SynthesisApi api) {
    const auto* const found = std::find_if(
        voices.begin(), voices.end(),
        [&](const YandexVoice& voice) { return voice.id == id && speaks(voice, api); });
    return found == voices.end() ? nullptr : found;
}

bool has_role(const YandexVoice& voice, std::string_view role) {
    const auto listed = ',' + std::string(voice.roles) + ',';
    const bool one = !role.empty() && role.find(',') == std::string_view::npos;
    return one && listed.find(',' + std::string(role) + ',') != std::string::npos;
}

/// By the letters that only one of the languages has, else by the script of the first letter.
std::string_view language_of(std::string_view text) {
    constexpr std::u32string_view kazakh = U"ӘәҒғҚқҢңӨөҰұҮүҺһ";
    std::string_view language;
    while (!text.empty()) {
        const auto letter = utf8::first(text);
        text.remove_prefix(letter.length);
        const auto value = letter.value;
        if (kazakh.find(value) != std::u32string_view::npos) return "kk";
        if (!language.empty()) continue;
        if (value >= U'Ѐ' && value <= U'ӿ') language = "ru";
        if (value >= U'א' && value <= U'ת') language = "he";
        if ((value >= U'A' && value <= U'Z') || (value >= U'a' && value <= U'z')) language = "en";
    }
    return language;
}

}  // namespace

std::span<const YandexVoice> voice_table() { return voices; }

bool speaks(const YandexVoice& voice, SynthesisApi api) {
    return api == SynthesisApi::v1 ? voice.in_v1 : voice.in_v3;
}

ChosenVoice voice_for(std::string_view id, std::string_view text, SynthesisApi api) {
    if (const auto* voice = voice_named(id, api)) return {voice, ""};
    const auto dash = std::min(id.find('-'), id.size());
    const auto role = id.substr(std::min(dash + 1, id.size()));
    const auto* const named = voice_named(id.substr(0, dash), api);
    if (named != nullptr && has_role(*named, role)) return {named, std::string(role)};
    const auto language = language_of(text);
    const YandexVoice* any = nullptr;
    for (const auto& voice : voices) {
        if (!speaks(voice, api)) continue;
        if (voice.language == language) return {&voice, ""};
        if (any == nullptr) any = &voice;
    }
    return {any, ""};
}

std::string_view recognition_code(std::string_view language) {
    for (const auto& known : recognition_languages)
        if (known.language == language) return known.code;
    return {};
}

std::span<const std::string_view> recognised_languages() { return recognised; }

}  // namespace mlbilling::yandex
