#include "domain/silence.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// Root mean square amplitude of -56 dB of full scale.
constexpr std::int64_t quietest = 52;
/// Of -40 dB.
constexpr std::int64_t quiet_speech = 328;
constexpr std::size_t fewest_loud_frames = 10;

/// Compares sums instead of dividing: variance = (n·Σx² - (Σx)²) / n².
bool is_louder_than(std::int64_t amplitude, std::span<const std::int16_t> frame) {
    std::int64_t sum = 0;
    std::int64_t sum_of_squares = 0;
    for (const std::int64_t sample : frame) {
        sum += sample;
        sum_of_squares += sample * sample;
    }
    const auto count = static_cast<std::int64_t>(frame.size());
    return count * sum_of_squares - sum * sum > amplitude * amplitude * count * count;
}

/// How many stretches of 30 ms are louder; no more than `enough` are counted.
std::size_t loud_frames(std::span<const std::int16_t> samples, int sample_rate,
                        std::int64_t amplitude, std::size_t enough) {
    CHECK(sample_rate > 0);
    const auto frame = std::max<std::size_t>(1, static_cast<std::size_t>(sample_rate) * 30 / 1000);
    std::size_t count = 0;
    for (std::size_t start = 0; start < samples.size() && count < enough; start += frame) {
        const auto length = std::min(frame, samples.size() - start);
        if (is_louder_than(amplitude, samples.subspan(start, length))) ++count;
    }
    return count;
}

}  // namespace

bool is_silent(std::span<const std::int16_t> samples, int sample_rate) {
    return loud_frames(samples, sample_rate, quietest, 1) == 0;
}

bool is_nearly_silent(std::span<const std::int16_t> samples, int sample_rate) {
    return loud_frames(samples, sample_rate, quiet_speech, fewest_loud_frames) < fewest_loud_frames;
}

}  // namespace mlbilling
