#include "cascade/nearest_voice.hpp"

#include <algorithm>

namespace mlbilling {
namespace {

const Voice* voice_with(const std::vector<Voice>& voices, const std::string& id) {
    const auto found = std::find_if(voices.begin(), voices.end(),
                                    [&](const Voice& voice) { return voice.id == id; });
    return found == voices.end() ? nullptr : &*found;
}

std::vector<const Voice*> speaking(const std::vector<Voice>& voices, const std::string& language) {
    std::vector<const Voice*> found;
    for (const auto& voice : voices)
        if (voice.language == language) found.push_back(&voice);
    return found;
}

}  // namespace

std::vector<Voice> union_of(const std::vector<std::vector<Voice>>& providers) {
    std::vector<Voice> all;
    for (const auto& voices : providers)
        for (const auto& voice : voices)
            if (voice_with(all, voice.id) == nullptr) all.push_back(voice);
    return all;
}

std::optional<std::string> nearest_voice(const std::vector<Voice>& voices,
                                         const std::vector<Voice>& all, const std::string& asked) {
    const auto* wanted = voice_with(all, asked);
    if (wanted == nullptr || voice_with(voices, asked) != nullptr) return asked;
    const auto candidates = speaking(voices, wanted->language);
    if (candidates.empty()) return std::nullopt;
    const auto siblings = speaking(all, wanted->language);
    const auto place = std::find(siblings.begin(), siblings.end(), wanted) - siblings.begin();
    return candidates[static_cast<std::size_t>(place) % candidates.size()]->id;
}

}  // namespace mlbilling
