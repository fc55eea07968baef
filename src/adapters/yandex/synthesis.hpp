#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/yandex/prices.hpp"
#include "adapters/yandex/quota_gate.hpp"
#include "adapters/yandex/speech_kit.hpp"
#include "adapters/yandex/voice_table.hpp"
#include "ports/audio.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// The audio in what v3 streams: messages with chunks of it, or with an error although the status
/// was 200. No audio at all is a failure.
std::variant<std::string, ProviderFailure> audio_in_stream(std::string_view body);

/// The body of v3's utteranceSynthesis.
std::string synthesis_body(std::string_view text, const ChosenVoice& voice, int speed_percent,
                           bool unsafe_mode);
/// The fields of v1's tts:synthesize; it takes no JSON.
std::vector<HttpPart> synthesis_parts(std::string_view text, const ChosenVoice& voice,
                                      int speed_percent, const std::string& folder);

/// Speaks texts: in pieces where a text is longer than a request may be, several at a time, which
/// become one voice again.
class Synthesis {
  public:
    Synthesis(SpeechKit& kit, AudioCodec& codec, Quotas& quotas, Clock& clock,
              const Options& options)
        : kit_(kit),
          codec_(codec),
          clock_(clock),
          options_(options),
          gate_(quotas, clock, "yandex.synthesis", options.limits.synthesis) {}

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Time deadline);
    /// What synthesize() would be billed for.
    MicroRoubles cost_of(const SynthesisRequest& request) const;

  private:
    /// One text under way.
    struct Job {
        /// Each once, in the order of their first places.
        std::vector<std::string> pieces;
        /// Which piece stands in each place of the text.
        std::vector<std::size_t> order;
        /// What each piece became: several where it had to be cut again.
        std::vector<std::vector<std::string>> voices;
        std::size_t next = 0;
        std::optional<ProviderFailure> failure;
        MicroRoubles cost;
        ChosenVoice voice;
        int speed_percent = 100;
        Time deadline;
    };

    std::vector<std::string> cut(const std::string& text, int speed_percent) const;
    /// Takes pieces until there are no more, or one has failed.
    Async<void> speak_pieces(std::shared_ptr<Job> job);
    /// A piece that Yandex finds too long all the same is cut, and it alone.
    Async<void> speak_piece(std::shared_ptr<Job> job, std::size_t at);
    Async<std::variant<std::string, ProviderFailure>> speak(std::shared_ptr<Job> job,
                                                            std::string piece);
    Async<Provided<SpokenVoice>> joined(std::shared_ptr<Job> job);
    KitCall call_for(const Job& job, const std::string& piece) const;
    MicroRoubles cost_of_piece(const std::string& piece) const;

    SpeechKit& kit_;
    AudioCodec& codec_;
    Clock& clock_;
    const Options& options_;
    QuotaGate gate_;
};

}  // namespace mlbilling::yandex
