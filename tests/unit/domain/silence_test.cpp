#include "domain/silence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace mlbilling {
namespace {

struct Sound {
    int sample_rate = 16'000;
    std::vector<std::int16_t> samples;
};

bool is_silent(const Sound& sound) {
    return mlbilling::is_silent(sound.samples, sound.sample_rate);
}

/// A tone of 200 Hz whose peak is `amplitude`, on top of `offset`.
Sound tone(double amplitude, int offset, int milliseconds, int rate = 16'000) {
    Sound sound;
    sound.sample_rate = rate;
    for (int i = 0; i < milliseconds * rate / 1000; ++i)
        sound.samples.push_back(static_cast<std::int16_t>(
            std::lround(amplitude * std::sin(2 * 3.14159265 * 200 * i / rate)) + offset));
    return sound;
}

Sound joined(Sound first, const Sound& second) {
    first.samples.insert(first.samples.end(), second.samples.begin(), second.samples.end());
    return first;
}

TEST(Silence, NothingIsSilent) {
    EXPECT_TRUE(is_silent(Sound{}));
    EXPECT_TRUE(is_silent(tone(0, 0, 10'000)));
}

TEST(Silence, AConstantOffsetIsSilent) {
    EXPECT_TRUE(is_silent(tone(0, 8'000, 1'000)));
    EXPECT_TRUE(is_silent(tone(0, -32'768, 1'000)));
}

TEST(Silence, TheNoiseOfAGoodMicrophoneIsSilent) { EXPECT_TRUE(is_silent(tone(20, 0, 5'000))); }

TEST(Silence, AWhisperIsNot) { EXPECT_FALSE(is_silent(tone(150, 0, 300))); }

TEST(Silence, OneWordInAMinuteOfSilenceIsNot) {
    EXPECT_FALSE(is_silent(joined(tone(0, 0, 60'000), tone(3'000, 0, 100))));
    EXPECT_FALSE(is_silent(joined(tone(3'000, 0, 100), tone(0, 0, 60'000))));
}

TEST(Silence, TheLoudestSoundDoesNotOverflow) {
    EXPECT_FALSE(is_silent(tone(32'767, 0, 1'000)));
    EXPECT_FALSE(is_silent(tone(32'767, 0, 1'000, 192'000)));
}

TEST(Silence, ARateSoLowThatAFrameIsOneSampleIsSilent) {
    EXPECT_TRUE(is_silent(tone(9'000, 0, 1'000, 8)));
}

TEST(NearSilence, IsAFewQuietSounds) {
    const auto tone = [](std::int16_t amplitude, int milliseconds) {
        std::vector<std::int16_t> samples;
        for (int i = 0; i < milliseconds * 16; ++i)
            samples.push_back(i / 20 % 2 == 0 ? amplitude : static_cast<std::int16_t>(-amplitude));
        samples.resize(std::size_t{16'000} * 5);
        return samples;
    };
    EXPECT_TRUE(is_nearly_silent(tone(300, 5'000), 16'000));
    EXPECT_TRUE(is_nearly_silent(tone(5'000, 240), 16'000));
    EXPECT_FALSE(is_nearly_silent(tone(5'000, 360), 16'000));
    EXPECT_TRUE(is_nearly_silent({}, 16'000));
}

}  // namespace
}  // namespace mlbilling
