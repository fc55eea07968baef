#include "adapters/yandex/transcript.hpp"

#include <string_view>

#include "adapters/yandex/json_stream.hpp"

namespace mlbilling::yandex {

namespace json = boost::json;

namespace {

/// The likeliest reading comes first.
const json::object* best_alternative(const json::object& update) {
    const auto* list = update.if_contains("alternatives");
    const auto* alternatives = list == nullptr ? nullptr : list->if_array();
    if (alternatives == nullptr || alternatives->empty()) return nullptr;
    return alternatives->front().if_object();
}

}  // namespace

bool tells_of_speech(const json::object& result) {
    return result.contains("final") || result.contains("finalRefinement") ||
           result.contains("eouUpdate");
}

void TranscriptAssembly::add(const json::object& result) {
    const std::string channel(text_in(result, "channelTag"));
    if (const auto* final = object_in(result, "final")) {
        const auto* cursors = object_in(result, "audioCursors");
        const auto number = cursors == nullptr ? 0 : integer_in(*cursors, "finalIndex").value_or(0);
        put(channel, number, *final, false);
    }
    if (const auto* refinement = object_in(result, "finalRefinement")) {
        const auto* text = object_in(*refinement, "normalizedText");
        const auto number = integer_in(*refinement, "finalIndex").value_or(0);
        if (text != nullptr) put(channel, number, *text, true);
    }
}

void TranscriptAssembly::put(std::string channel, std::int64_t number, const json::object& update,
                             bool refined) {
    const auto* alternative = best_alternative(update);
    if (alternative == nullptr) return;
    auto& utterance = utterances_[{std::move(channel), number}];
    // The plain text may come late.
    if (utterance.refined && !refined) return;
    utterance.text = text_in(*alternative, "text");
    utterance.starts_at = integer_in(*alternative, "startTimeMs").value_or(utterance.starts_at);
    utterance.refined = refined;
}

std::string TranscriptAssembly::text() const {
    // What starts at the same time stays in the order of channels and numbers.
    std::multimap<std::int64_t, std::string_view> spoken;
    for (const auto& [key, utterance] : utterances_)
        if (!utterance.text.empty()) spoken.emplace(utterance.starts_at, utterance.text);
    std::string text;
    for (const auto& [starts_at, words] : spoken) {
        if (!text.empty()) text += ' ';
        text += words;
    }
    return text;
}

}  // namespace mlbilling::yandex
