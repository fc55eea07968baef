#include "adapters/audio/decimator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace mlbilling::audio {
namespace {

constexpr std::size_t factor = 3;
constexpr std::size_t half = 72;
constexpr std::size_t taps = 2 * half + 1;
/// In parts of the input's sample rate: 7.5 kHz of 48 kHz.
constexpr double cut_off = 7.5 / 48.0;
/// Kaiser's parameter for 70 dB: 0.1102 × (70 − 8.7).
constexpr double beta = 6.76;

/// A sinc under a Kaiser window; the taps sum up to one.
std::vector<float> make_low_pass() {
    std::vector<double> taps_exact(taps);
    for (std::size_t i = 0; i < taps; ++i) {
        const double x = static_cast<double>(i) - static_cast<double>(half);
        const double angle = 2 * std::numbers::pi * cut_off * x;
        const double sinc = i == half ? 1.0 : std::sin(angle) / angle;
        const double edge = x / static_cast<double>(half);
        taps_exact[i] =
            sinc * std::cyl_bessel_i(0.0, beta * std::sqrt(std::max(0.0, 1 - edge * edge)));
    }
    const double sum = std::accumulate(taps_exact.begin(), taps_exact.end(), 0.0);
    std::vector<float> result(taps);
    std::transform(taps_exact.begin(), taps_exact.end(), result.begin(),
                   [sum](double tap) { return static_cast<float>(tap / sum); });
    return result;
}

/// Made once: the Bessel function goes through lgamma, which writes a global of the C library, and
/// several recordings are read at the same time.
const std::vector<float>& low_pass() {
    static const std::vector<float> window = make_low_pass();
    return window;
}

std::int16_t rounded(float value) {
    return static_cast<std::int16_t>(std::lrintf(std::clamp(value, -32'768.0F, 32'767.0F)));
}

}  // namespace

Decimator::Decimator() : window_(low_pass()), pending_(half, 0.0F) {}

void Decimator::process(std::span<const std::int16_t> samples, std::vector<std::int16_t>& output) {
    taken_ += samples.size();
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    std::size_t at = 0;
    for (; at + taps <= pending_.size(); at += factor) {
        const auto from = pending_.begin() + static_cast<std::ptrdiff_t>(at);
        output.push_back(rounded(std::inner_product(window_.begin(), window_.end(), from, 0.0F)));
        ++given_;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Decimator::finish(std::vector<std::int16_t>& output) {
    const std::size_t expected = (taken_ + factor - 1) / factor;
    const std::vector<std::int16_t> silence(taps);
    std::vector<std::int16_t> rest;
    const std::size_t missing = expected - given_;
    process(silence, rest);
    output.insert(output.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(missing));
}

}  // namespace mlbilling::audio
