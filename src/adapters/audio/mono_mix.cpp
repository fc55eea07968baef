#include "adapters/audio/mono_mix.hpp"

#include <algorithm>

namespace mlbilling::audio {

void MonoMix::mix(std::span<const std::int16_t> pairs, std::vector<std::int16_t>& mono) {
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        const int left = pairs[i];
        const int right = pairs[i + 1];
        const int both = (left + right) / 2;
        left_ += std::int64_t{left} * left;
        right_ += std::int64_t{right} * right;
        both_ += std::int64_t{both} * both;
        const int sample = from_ == From::both ? both : from_ == From::left ? left : right;
        mono.push_back(static_cast<std::int16_t>(sample));
    }
}

std::optional<MonoMix::From> MonoMix::loudest() const {
    if (std::max(left_, right_) <= both_) return std::nullopt;
    return left_ >= right_ ? From::left : From::right;
}

}  // namespace mlbilling::audio
