#include "adapters/local_speech/utterances.hpp"

#include <algorithm>
#include <cmath>

namespace mlbilling::local_speech {
namespace {

constexpr std::size_t frame = 320;
constexpr std::size_t frames_per_second = 50;
/// Speech rises 20 dB and more above its pauses, steady noise by 1 or 2 dB above its average.
constexpr double above_background = 9;
/// In dB of full scale; below it is nothing to understand.
constexpr double faintest = -55;
constexpr double quietest_background = -75;
constexpr std::size_t shortest_speech = frames_per_second / 5;
constexpr std::size_t shortest_pause = frames_per_second * 3 / 10;
/// Kept before and after speech, for its quiet first and last sounds.
constexpr std::size_t margin = frames_per_second / 5;
/// A pause longer than this always ends an utterance.
constexpr std::size_t long_pause = frames_per_second;
constexpr std::size_t longest_utterance = 20 * frames_per_second;

/// Frames from first up to, not including, last.
struct Stretch {
    std::size_t first;
    std::size_t last;
    std::size_t length() const { return last - first; }
};

std::vector<double> loudness_of_frames(std::span<const std::int16_t> samples) {
    std::vector<double> loudness;
    for (; samples.size() >= frame; samples = samples.subspan(frame)) {
        double energy = 0;
        for (const double sample : samples.first(frame)) energy += sample * sample;
        constexpr double full_scale = 32'768.0 * 32'768.0;
        loudness.push_back(10 * std::log10(energy / frame / full_scale + 1e-10));
    }
    return loudness;
}

double threshold_of(std::vector<double> loudness) {
    const auto tenth = loudness.begin() + static_cast<std::ptrdiff_t>(loudness.size() / 10);
    std::nth_element(loudness.begin(), tenth, loudness.end());
    return std::max(std::max(*tenth, quietest_background) + above_background, faintest);
}

/// Stretches of loud frames with no real pause within.
std::vector<Stretch> loud_stretches(const std::vector<double>& loudness, double threshold) {
    std::vector<Stretch> stretches;
    for (std::size_t i = 0; i < loudness.size(); ++i) {
        if (loudness[i] <= threshold) continue;
        if (stretches.empty() || i - stretches.back().last >= shortest_pause) {
            stretches.push_back({i, i});
        }
        stretches.back().last = i + 1;
    }
    return stretches;
}

/// Where to cut a stretch that has no pause: at its quietest frame in the second half of the limit.
std::size_t quietest(const std::vector<double>& loudness, std::size_t first) {
    const auto begin = loudness.begin() + static_cast<std::ptrdiff_t>(first);
    return static_cast<std::size_t>(
        std::min_element(begin + longest_utterance / 2, begin + longest_utterance) -
        loudness.begin());
}

void add_in_pieces(std::vector<Stretch>& pieces, Stretch stretch,
                   const std::vector<double>& loudness) {
    while (stretch.length() > longest_utterance) {
        const auto cut = quietest(loudness, stretch.first);
        pieces.push_back({stretch.first, cut});
        stretch.first = cut;
    }
    pieces.push_back(stretch);
}

/// As few pieces as the limit and long pauses allow: words help to recognise their neighbours.
std::vector<Stretch> joined(const std::vector<Stretch>& stretches) {
    std::vector<Stretch> result;
    for (const auto& stretch : stretches) {
        const bool fits = !result.empty() &&
                          stretch.last - result.back().first <= longest_utterance &&
                          stretch.first - result.back().last < long_pause;
        if (fits) {
            result.back().last = stretch.last;
        } else {
            result.push_back(stretch);
        }
    }
    return result;
}

}  // namespace

std::vector<std::span<const std::int16_t>> utterances_of(std::span<const std::int16_t> samples) {
    const auto loudness = loudness_of_frames(samples);
    if (loudness.empty()) return {};
    const double threshold = threshold_of(loudness);
    const auto loud = std::count_if(loudness.begin(), loudness.end(),
                                    [threshold](double level) { return level > threshold; });
    if (static_cast<std::size_t>(loud) < shortest_speech) return {};

    std::vector<Stretch> pieces;
    for (const auto& stretch : joined(loud_stretches(loudness, threshold))) {
        add_in_pieces(pieces, stretch, loudness);
    }
    std::vector<std::span<const std::int16_t>> utterances;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        // Margins may touch, but no sample is heard twice.
        const auto floor = i == 0 ? 0 : (pieces[i - 1].last + pieces[i].first) / 2;
        const auto ceiling =
            i + 1 == pieces.size() ? loudness.size() : (pieces[i].last + pieces[i + 1].first) / 2;
        const auto first = std::max(floor, pieces[i].first - std::min(margin, pieces[i].first));
        const auto last = std::min(ceiling, pieces[i].last + margin);
        utterances.push_back(samples.subspan(first * frame, (last - first) * frame));
    }
    return utterances;
}

}  // namespace mlbilling::local_speech
