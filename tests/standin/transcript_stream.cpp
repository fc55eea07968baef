#include "standin/transcript_stream.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_final = 15'000;

json::value number(std::int64_t value) { return json::value(std::to_string(value)); }

/// One stretch of the recording.
struct Stretch {
    std::int64_t index = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::string text;
};

json::object words_of(const Stretch& stretch) {
    json::array words;
    std::string_view rest = stretch.text;
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        words.push_back({{"text", word},
                         {"startTimeMs", number(stretch.begin)},
                         {"endTimeMs", number(stretch.end)}});
        rest = word.size() == rest.size() ? std::string_view() : rest.substr(word.size() + 1);
    }
    return {{"words", std::move(words)},
            {"text", stretch.text},
            {"startTimeMs", number(stretch.begin)},
            {"endTimeMs", number(stretch.end)},
            {"confidence", 0},
            {"languages", json::array()}};
}

json::object update_of(const Stretch& stretch) {
    json::array alternatives;
    alternatives.push_back(words_of(stretch));
    return {{"alternatives", std::move(alternatives)}, {"channelTag", "0"}};
}

std::string line_of(const Transcription& of, const Stretch& stretch, std::string_view event,
                    json::object content) {
    const auto length = of.heard.length.count();
    json::object result{{"sessionUuid", {{"uuid", of.session}, {"userRequestId", of.request}}},
                        {"audioCursors",
                         {{"receivedDataMs", number(length)},
                          {"resetTimeMs", "0"},
                          {"partialTimeMs", number(stretch.end)},
                          {"finalTimeMs", number(stretch.end)},
                          {"finalIndex", number(stretch.index)},
                          {"eouTimeMs", "0"}}},
                        {"responseWallTimeMs", "189"},
                        {event, std::move(content)},
                        {"channelTag", "0"}};
    return json::serialize(json::object{{"result", std::move(result)}}) + "\n";
}

std::vector<Stretch> stretches_of(const Transcription& of) {
    std::vector<Stretch> stretches;
    const auto words = spoken_words(of.heard, of.language);
    const auto length = of.heard.length.count();
    if (words.empty()) return stretches;
    const auto russian = words.starts_with("з");
    for (std::int64_t begin = 0; begin < length; begin += longest_final) {
        const auto index = begin / longest_final;
        // The first tells all, those that follow are counted, so that order and loss show.
        auto text = index == 0 ? words : (russian ? "часть " : "part ") + std::to_string(index + 1);
        stretches.push_back(
            {index, begin, std::min(begin + longest_final, length), std::move(text)});
    }
    return stretches;
}

std::string refined(const Transcription& of, const std::string& text) {
    if (!of.literature) return text;
    auto written = literature(text);
    if (written.starts_with("ч")) written.replace(0, std::string_view("ч").size(), "Ч");
    if (written.starts_with("p")) written.front() = 'P';
    return written;
}

}  // namespace

std::string transcript_stream(const Transcription& of) {
    std::string lines;
    Stretch last;
    for (auto& stretch : stretches_of(of)) {
        lines += line_of(of, stretch, "final", update_of(stretch));
        if (of.normalised) {
            stretch.text = refined(of, stretch.text);
            lines += line_of(
                of, stretch, "finalRefinement",
                {{"finalIndex", number(stretch.index)}, {"normalizedText", update_of(stretch)}});
        }
        last = std::move(stretch);
    }
    const auto end = of.heard.length.count();
    return lines + line_of(of, last, "eouUpdate", {{"timeMs", number(end)}});
}

}  // namespace mlbilling::standin
