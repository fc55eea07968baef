#include "domain/silence.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// Root mean square amplitude of -56 dB of full scale.
constexpr std::int64_t quietest = 52;

/// Compares sums instead of dividing: variance = (n·Σx² - (Σx)²) / n².
bool is_loud(std::span<const std::int16_t> frame) {
    std::int64_t sum = 0;
    std::int64_t sum_of_squares = 0;
    for (const std::int64_t sample : frame) {
        sum += sample;
        sum_of_squares += sample * sample;
    }
    const auto count = static_cast<std::int64_t>(frame.size());
    return count * sum_of_squares - sum * sum > quietest * quietest * count * count;
}

}  // namespace

bool is_silent(std::span<const std::int16_t> samples, int sample_rate) {
    CHECK(sample_rate > 0);
    const auto frame = std::max<std::size_t>(1, static_cast<std::size_t>(sample_rate) * 30 / 1000);
    for (std::size_t start = 0; start < samples.size(); start += frame)
        if (is_loud(samples.subspan(start, std::min(frame, samples.size() - start)))) return false;
    return true;
}

}  // namespace mlbilling
