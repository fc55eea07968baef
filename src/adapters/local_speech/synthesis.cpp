#include "adapters/local_speech/synthesis.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "adapters/local_speech/script.hpp"
#include "adapters/local_speech/wav.hpp"
#include "domain/text.hpp"

namespace mlbilling::local_speech {

using child_process::Cage;
using child_process::ChildCommand;
using child_process::ChildEnd;
using child_process::ChildLimits;
using child_process::ChildResult;

namespace {

/// espeak-ng's default, in words a minute.
constexpr int normal_words_per_minute = 175;
/// flite's time and memory grow with the square of a sentence's and a word's length.
constexpr std::size_t longest_sentence = 400;
constexpr std::size_t longest_word = 40;
/// Quieter than anything said.
constexpr int faintest = 200;

std::string without_commands(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        // Control characters and [[phonemes]] are espeak-ng's embedded commands (its own
        // page on markup).
        const bool command = c == '[' && plain.ends_with('[');
        if (command) plain += ' ';
        plain += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
    return plain;
}

std::string with_short_words(std::string_view text) {
    std::string result;
    std::size_t length = 0;
    for (const char c : text) {
        length = c == ' ' || c == '\n' ? 0 : length + 1;
        if (length > longest_word) {
            result += ' ';
            length = 1;
        }
        result += c;
    }
    return result;
}

std::string in_short_sentences(std::string_view ascii) {
    std::string result;
    for (const auto& sentence : split_at_sentences(ascii, longest_sentence)) {
        // An empty line ends a sentence for flite.
        if (!result.empty()) result += "\n\n";
        result += sentence;
    }
    return result;
}

ChildLimits limits(Duration deadline) {
    constexpr std::size_t highest_bytes_per_ms = 48;
    const auto cpu_seconds = std::clamp<std::int64_t>(deadline.count() / 1'000 + 1, 1, 600);
    return {.deadline = deadline,
            .output_bytes = static_cast<std::size_t>(longest_speech.count()) * highest_bytes_per_ms,
            .cpu_seconds = static_cast<int>(cpu_seconds)};
}

std::string decimal(int hundredths) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%d.%02d", hundredths / 100, hundredths % 100);
    return text.data();
}

bool is_audible(const Sound& sound) {
    return std::any_of(sound.samples.begin(), sound.samples.end(),
                       [](std::int16_t sample) { return std::abs(int{sample}) > faintest; });
}

std::string program_of(Engine engine) { return engine == Engine::espeak ? "espeak-ng" : "flite"; }

int allowed_speed(int percent) { return std::clamp(percent, 50, 200); }

}  // namespace

bool is_too_long(std::size_t code_points, int speed_percent) {
    constexpr std::size_t per_second = 17;
    const auto seconds = static_cast<std::size_t>(longest_speech.count() / 1'000);
    return code_points >
           per_second * seconds * static_cast<std::size_t>(allowed_speed(speed_percent)) / 100;
}

ChildCommand synthesis_command(const Programs& programs, const LocalVoice& voice,
                               std::string_view valid_utf8, int speed_percent, Duration deadline) {
    const int percent = allowed_speed(speed_percent);
    if (voice.engine == Engine::espeak) {
        const auto speed = std::to_string(normal_words_per_minute * percent / 100);
        return {.program = programs.espeak,
                .arguments = {"-v", std::string(voice.engine_voice), "-s", speed, "-b", "1",
                              "--stdin", "--stdout"},
                .input = without_commands(valid_utf8),
                .cage = Cage::engine,
                .limits = limits(deadline)};
    }
    return {.program = programs.flite,
            .arguments = {"-voice", std::string(voice.engine_voice), "--setf",
                          "duration_stretch=" + decimal(10'000 / percent), "-f", "/dev/stdin", "-o",
                          "/dev/stdout"},
            .input = in_short_sentences(with_short_words(to_ascii(valid_utf8))),
            // It goes back in its output for every sentence.
            .seekable_output = true,
            .cage = Cage::engine,
            .limits = limits(deadline)};
}

Provided<Sound> read_synthesis(const ChildResult& result, Engine engine) {
    using Kind = ProviderFailure::Kind;
    const std::string program = program_of(engine);
    switch (result.end) {
        case ChildEnd::program_missing:
            return ProviderFailure{Kind::misconfigured,
                                   program + " is not installed (Debian package " + program + ")"};
        case ChildEnd::timed_out:
            return ProviderFailure{Kind::busy, program + " was not done in time"};
        case ChildEnd::output_too_long:
            return ProviderFailure{Kind::refused, "more than half an hour of speech"};
        case ChildEnd::signalled:
            // Mostly not the text's fault: memory ran short, or somebody killed it.
            return ProviderFailure{Kind::down,
                                   program + " ended by signal " + std::to_string(result.code)};
        case ChildEnd::exited: break;
    }
    if (result.code != 0) {
        return ProviderFailure{Kind::misconfigured, program + " failed: " + result.diagnostics};
    }
    // Nothing to say makes some engines write nothing at all.
    if (result.output.empty()) return Sound{};
    auto sound = parse_wav(result.output);
    if (!sound) return ProviderFailure{Kind::misconfigured, program + " wrote no WAV"};
    if (sound->duration() > longest_speech) {
        return ProviderFailure{Kind::refused, "more than half an hour of speech"};
    }
    if (!is_audible(*sound)) sound->samples.clear();
    return std::move(*sound);
}

}  // namespace mlbilling::local_speech
