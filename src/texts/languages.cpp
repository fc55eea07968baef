#include "texts/languages.hpp"

#include <algorithm>
#include <array>

namespace mlbilling {
namespace {

struct KnownLanguage {
    std::string_view code;
    std::string_view in_russian;
    std::string_view in_english;
    std::string_view phrase;
};

constexpr auto known = std::to_array<KnownLanguage>({
    {"ru", "русский", "Russian", "Здравствуйте! Так звучит мой голос."},
    {"en", "английский", "English", "Hello! This is how my voice sounds."},
    {"uk", "украинский", "Ukrainian", "Вітаю! Так звучить мій голос."},
    {"be", "белорусский", "Belarusian", "Вітаю! Так гучыць мой голас."},
    {"kk", "казахский", "Kazakh", "Сәлеметсіз бе! Менің дауысым осындай."},
    {"uz", "узбекский", "Uzbek", ""},
    {"hy", "армянский", "Armenian", ""},
    {"ka", "грузинский", "Georgian", ""},
    {"az", "азербайджанский", "Azerbaijani", ""},
    {"de", "немецкий", "German", "Guten Tag! So klingt meine Stimme."},
    {"fr", "французский", "French", "Bonjour ! Voici ma voix."},
    {"es", "испанский", "Spanish", "¡Hola! Así suena mi voz."},
    {"it", "итальянский", "Italian", "Salve! Questa è la mia voce."},
    {"pt", "португальский", "Portuguese", "Olá! Esta é a minha voz."},
    {"pl", "польский", "Polish", "Dzień dobry! Tak brzmi mój głos."},
    {"cs", "чешский", "Czech", "Dobrý den! Takhle zní můj hlas."},
    {"nl", "нидерландский", "Dutch", "Hallo! Zo klinkt mijn stem."},
    {"sv", "шведский", "Swedish", "Hej! Så här låter min röst."},
    {"fi", "финский", "Finnish", "Hei! Tältä ääneni kuulostaa."},
    {"tr", "турецкий", "Turkish", "Merhaba! Sesim böyle."},
    {"he", "иврит", "Hebrew", ""},
    {"ar", "арабский", "Arabic", ""},
    {"hi", "хинди", "Hindi", ""},
    {"zh", "китайский", "Chinese", ""},
    {"ja", "японский", "Japanese", ""},
    {"ko", "корейский", "Korean", ""},
});

const KnownLanguage* find(std::string_view code) {
    const auto* found = std::ranges::find(known, code, &KnownLanguage::code);
    return found == known.end() ? nullptr : found;
}

std::string in_capitals(std::string_view code) {
    std::string capitals(code);
    for (auto& letter : capitals)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return capitals;
}

}  // namespace

std::string language_name(Language language, std::string_view code) {
    const auto* entry = find(code);
    if (entry == nullptr) return in_capitals(code);
    return std::string(language == Language::russian ? entry->in_russian : entry->in_english);
}

std::string sample_phrase(std::string_view code) {
    const auto* entry = find(code);
    if (entry == nullptr || entry->phrase.empty()) return "1, 2, 3, 4, 5.";
    return std::string(entry->phrase);
}

}  // namespace mlbilling
