#include "standin/voices.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "sandbox/text.hpp"

namespace mlbilling::standin {
namespace {

const std::vector<YandexVoice>& all() {
    static const std::vector<YandexVoice> voices{
        {"lea", "de-DE", false, {}},
        {"john", "en-US", false, {}},
        {"amira", "kk-KK", false, {}},
        {"madi", "kk-KK", false, {}},
        {"nigora", "uz-UZ", false, {}},
        {"alena", "ru-RU", false, {"neutral", "good"}},
        {"filipp", "ru-RU", false, {}},
        {"ermil", "ru-RU", false, {"neutral", "good"}},
        {"jane", "ru-RU", false, {"neutral", "good", "evil"}},
        {"madirus", "ru-RU", false, {}},
        {"omazh", "ru-RU", false, {"neutral", "evil"}},
        {"zahar", "ru-RU", false, {"neutral", "good"}},
        {"naomi", "he-IL", true, {"modern", "classic"}},
        {"dasha", "ru-RU", true, {"neutral", "good", "friendly"}},
        {"julia", "ru-RU", true, {"neutral", "strict"}},
        {"lera", "ru-RU", true, {"neutral", "friendly"}},
        {"masha", "ru-RU", true, {"good", "strict", "friendly"}},
        {"marina", "ru-RU", true, {"neutral", "whisper", "friendly"}},
        {"alexander", "ru-RU", true, {"neutral", "good"}},
        {"kirill", "ru-RU", true, {"neutral", "strict", "good"}},
        {"anton", "ru-RU", true, {"neutral", "good"}},
        {"saule", "kk-KK", true, {}},
        {"zhanar", "kk-KK", true, {}}};
    return voices;
}

}  // namespace

const YandexVoice* yandex_voice(std::string_view name) {
    const auto found = std::find_if(all().begin(), all().end(),
                                    [&](const YandexVoice& voice) { return voice.name == name; });
    return found == all().end() ? nullptr : &*found;
}

bool has_role(const YandexVoice& voice, std::string_view role) {
    return std::find(voice.roles.begin(), voice.roles.end(), role) != voice.roles.end();
}

bool is_recognised_language(std::string_view code) {
    constexpr std::array<std::string_view, 17> codes{
        "auto",  "de-de", "en-us", "es-es", "fi-fi", "fr-fr", "he-he", "it-it", "kk-kz",
        "nl-nl", "pl-pl", "pt-pt", "pt-br", "ru-ru", "sv-se", "tr-tr", "uz-uz"};
    const auto lower = sandbox::lower_case(code);
    return std::find(codes.begin(), codes.end(), lower) != codes.end();
}

}  // namespace mlbilling::standin
