#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/micro_roubles.hpp"
#include "domain/text.hpp"
#include "ports/async.hpp"
#include "ports/audio.hpp"

namespace mlbilling {

/// A voice that a user may choose.
struct Voice {
    /// Stable name, 1-24 of [a-z0-9_-]; kept in users.voice and in button data.
    std::string id;
    /// What the button says, e.g. "Slt (English)".
    std::string title;
    /// Two letters, e.g. `ru`.
    std::string language;
};

struct SynthesisRequest {
    /// Normalised, never empty.
    std::string text;
    std::string voice;
    /// Percent of the voice's normal speed, 50..200.
    int speed_percent = 100;
    /// What the call may cost us: a cascade falls back to no provider that is dearer.
    std::optional<MicroRoubles> cost_limit = std::nullopt;
};

struct RecognitionRequest {
    /// Decoded only for a provider that takes no Ogg/Opus.
    RecordedSound sound;
    /// The recording as it came, as DecodedAudio has it; or empty.
    std::string ogg_opus;
    /// What the user speaks, two letters.
    std::string language;
    /// Operation id of an earlier attempt to be resumed, or empty.
    std::string operation;
    /// Called before an asynchronous operation is polled, so that a restart resumes it.
    std::function<Async<void>(std::string operation)> on_operation;
    /// As in SynthesisRequest.
    std::optional<MicroRoubles> cost_limit;
    /// Under which the provider keeps a place in line while our quota is used up; the same for all
    /// attempts of a task. Empty: no place is kept.
    std::string place_in_line = {};
    /// False: a place is used where there is one, but none is kept: somebody else may serve.
    bool keeps_place = true;
};

/// Why a provider gave no usable result.
struct ProviderFailure {
    enum class Kind {
        refused,       ///< this input will never work
        unsupported,   ///< the provider cannot do this language
        busy,          ///< try later (429, overload, deadline)
        down,          ///< cannot be reached, or broke in the middle
        misconfigured  ///< our key or quota is at fault; the operator must act
    };
    Kind kind = Kind::down;
    /// For the operator's log; no user text, no secret.
    std::string detail;
    /// What the failed call cost us all the same.
    MicroRoubles cost{};
    /// The provider asked for at least this pause.
    Duration retry_after{};
    /// An asynchronous operation is at work, paid for: the next call is to resume it.
    bool goes_on = false;
    /// Our own quota is used up: nothing was called and nobody failed. After `retry_after` it is
    /// the call's turn, and then it will take about this long.
    std::optional<Duration> in_line = std::nullopt;
    /// No answer in time: the provider may be at work on it still, and may take money for it.
    bool late = false;
    /// What is wrong with an input that is refused, where the provider says so.
    enum class Input { unknown, too_long, too_short, too_large };
    Input input = Input::unknown;
};

inline std::string_view to_string(ProviderFailure::Kind kind) {
    using Kind = ProviderFailure::Kind;
    switch (kind) {
        case Kind::refused: return "refused";
        case Kind::unsupported: return "unsupported";
        case Kind::busy: return "busy";
        case Kind::down: return "down";
        case Kind::misconfigured: return "misconfigured";
    }
    return "down";
}

/// What a call cost us, and who really served it.
struct SpeechBill {
    std::string provider;
    MicroRoubles cost;
};

/// A text as it was spoken. A provider that answers with Ogg/Opus need not measure it, and nobody
/// trusts its duration: AudioCodec::inspect() does.
struct SpokenVoice {
    std::variant<Sound, EncodedVoice> audio;
    SpeechBill bill{};
};

struct Transcript {
    /// Empty when nothing was said.
    std::string text;
    SpeechBill bill{};
};

/// How long a provider may take for little work; more work has more time, in proportion.
struct TimeLimits {
    /// For up to 300 characters.
    Duration synthesis{30'000};
    /// For up to 24 s of sound.
    Duration recognition{60'000};
};
Duration time_for(const TimeLimits& limits, const SynthesisRequest& request);
Duration time_for(const TimeLimits& limits, const RecognitionRequest& request);

template <class T>
using Provided = std::variant<T, ProviderFailure>;

/// A speech provider. Every call ends within its deadline with a failure at worst; Unavailable is
/// thrown only when one of our own things that it needs is down (a quota's store, a codec).
class Speech {
  public:
    virtual ~Speech() = default;

    /// Name for history, metrics and tasks.provider, e.g. `local`.
    virtual std::string name() const = 0;
    virtual std::vector<Voice> voices() const = 0;
    /// Languages that recognize() understands, two letters each.
    virtual std::vector<std::string> recognised_languages() const = 0;
    /// Whether users must be told that this is the demonstration engine.
    virtual bool is_demonstration() const = 0;
    /// After what time a call is given up.
    virtual Duration time_limit(const SynthesisRequest& request) const {
        return time_for({}, request);
    }
    virtual Duration time_limit(const RecognitionRequest& request) const {
        return time_for({}, request);
    }

    virtual Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request,
                                                    Duration deadline) = 0;
    virtual Async<Provided<Transcript>> recognize(RecognitionRequest request,
                                                  Duration deadline) = 0;
};

inline Duration time_for(const TimeLimits& limits, const SynthesisRequest& request) {
    constexpr std::int64_t little = 300;
    const auto characters = static_cast<std::int64_t>(count_code_points(request.text));
    return limits.synthesis * std::max(little, characters) / little;
}

inline Duration time_for(const TimeLimits& limits, const RecognitionRequest& request) {
    constexpr Duration little{24'000};
    return limits.recognition * std::max(little, request.sound.duration()).count() / little.count();
}

}  // namespace mlbilling
