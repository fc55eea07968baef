#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/child_process/child_process.hpp"
#include "ports/audio.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// A sine of half the full scale.
inline Sound tone(Duration length, double hertz = 440, int sample_rate = 16'000) {
    Sound sound{.sample_rate = sample_rate, .samples = {}};
    const auto count = length.count() * sample_rate / 1000;
    for (std::int64_t i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / sample_rate;
        sound.samples.push_back(static_cast<std::int16_t>(16'000 * std::sin(angle)));
    }
    return sound;
}

/// Times per second that the middle half of the sound goes upwards through zero: a sine's pitch.
inline double pitch(const Sound& sound) {
    const auto quarter = sound.samples.size() / 4;
    int crossings = 0;
    for (std::size_t i = quarter; i < 3 * quarter; ++i) {
        if (sound.samples[i] < 0 && sound.samples[i + 1] >= 0) ++crossings;
    }
    return crossings * static_cast<double>(sound.sample_rate) / static_cast<double>(2 * quarter);
}

/// Root of the mean square, full scale being 32,768.
inline double loudness(const Sound& sound) {
    double sum = 0;
    for (const double sample : sound.samples) sum += sample * sample;
    return sound.samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(sound.samples.size()));
}

/// A WAV file.
inline std::string wav(const Sound& sound) {
    const auto number = [](std::uint32_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
        return out;
    };
    const std::string pcm(reinterpret_cast<const char*>(sound.samples.data()),
                          sound.samples.size() * 2);
    const auto size = static_cast<std::uint32_t>(pcm.size());
    const auto rate = static_cast<std::uint32_t>(sound.sample_rate);
    return "RIFF" + number(36 + size, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) +
           number(1, 2) + number(rate, 4) + number(2 * rate, 4) + number(2, 2) + number(16, 2) +
           "data" + number(size, 4) + pcm;
}

/// What ffmpeg makes of its input; the arguments stand between the input's and the output's name.
inline std::string converted(std::string input, std::vector<std::string> arguments,
                             std::vector<std::string> before = {}) {
    boost::asio::io_context loop;
    child_process::ChildProcesses children(1);
    child_process::ChildCommand command{.program = "ffmpeg", .cage = child_process::Cage::none};
    command.arguments = {"-nostdin", "-v", "error", "-y"};
    const auto append = [&](const std::vector<std::string>& more) {
        command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    };
    append(before);
    append({"-i", "file:/dev/stdin"});
    append(arguments);
    append({"file:/dev/stdout"});
    command.input = std::move(input);
    command.seekable_output = true;
    command.limits.output_bytes = 200 << 20;
    command.limits.memory_bytes = std::size_t{4} << 30;
    command.limits.deadline = Duration(120'000);
    auto result = run(loop, children.run(std::move(command)));
    if (!result.succeeded()) throw std::runtime_error("ffmpeg: " + result.diagnostics);
    return std::move(result.output);
}

}  // namespace mlbilling::test
