#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "ports/speech.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// One implementation of Speech and how to make it.
struct SpeechFactory {
    std::string name;
    /// On the test's loop, which outlives what is made.
    std::function<std::shared_ptr<Speech>(boost::asio::io_context&)> make;

    friend std::ostream& operator<<(std::ostream& out, const SpeechFactory& factory) {
        return out << factory.name;
    }
};

SpeechFactory local_speech();
SpeechFactory openai_speech();
SpeechFactory yandex_speech();

inline constexpr Duration patience{120'000};

/// Seconds in which something can be heard, by tenths.
inline double audible_seconds(const Sound& sound) {
    const auto tenth = static_cast<std::size_t>(sound.sample_rate / 10);
    double seconds = 0;
    for (std::size_t at = 0; at + tenth <= sound.samples.size(); at += tenth) {
        const auto begin = sound.samples.begin() + static_cast<std::ptrdiff_t>(at);
        const bool loud =
            std::any_of(begin, begin + static_cast<std::ptrdiff_t>(tenth),
                        [](std::int16_t sample) { return std::abs(int{sample}) > 500; });
        if (loud) seconds += 0.1;
    }
    return seconds;
}

template <class Value>
Value value_of(Provided<Value> provided) {
    if (const auto* failure = std::get_if<ProviderFailure>(&provided)) {
        ADD_FAILURE() << static_cast<int>(failure->kind) << ' ' << failure->detail;
        return {};
    }
    return std::get<Value>(std::move(provided));
}

template <class Value>
testing::AssertionResult fails(const Provided<Value>& provided, ProviderFailure::Kind expected) {
    const auto* failure = std::get_if<ProviderFailure>(&provided);
    if (failure == nullptr) return testing::AssertionFailure() << "it succeeded";
    if (failure->kind == expected) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "it failed as " << static_cast<int>(failure->kind) << ": " << failure->detail;
}

/// What is heard of a voice, decoded where the provider answered with an encoded one.
Provided<Sound> heard(Provided<SpokenVoice> provided);

/// Calls with the loop run until they end.
struct Caller {
    boost::asio::io_context& loop;
    Speech& speech;

    Provided<Sound> synthesize(std::string text, std::string voice, int speed_percent = 100,
                               Duration deadline = patience) {
        return heard(run(loop, speech.synthesize({.text = std::move(text),
                                                  .voice = std::move(voice),
                                                  .speed_percent = speed_percent},
                                                 deadline)));
    }
    Provided<Transcript> recognize(Sound sound, std::string language = "en",
                                   Duration deadline = patience) {
        RecognitionRequest request;
        request.sound = std::move(sound);
        request.language = std::move(language);
        return run(loop, speech.recognize(std::move(request), deadline));
    }
};

}  // namespace mlbilling::test
