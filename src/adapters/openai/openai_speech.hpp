#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/openai/recognition.hpp"
#include "adapters/openai/server.hpp"
#include "adapters/openai/synthesis.hpp"
#include "ports/clock.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// Any server that speaks OpenAI's methods for speech: OpenAI itself, and self-hosted Whisper,
/// speaches, LocalAI, Kokoro and others. CHECKs that there is a voice.
class OpenAiSpeech final : public Speech {
  public:
    OpenAiSpeech(boost::asio::any_io_executor executor, AudioCodec& codec, Clock& clock,
                 Options options);

    std::string name() const override { return "openai"; }
    std::vector<Voice> voices() const override;
    std::vector<std::string> recognised_languages() const override;
    bool is_demonstration() const override { return false; }
    Duration time_limit(const SynthesisRequest& request) const override {
        return time_for(options_.time_limits, request);
    }
    Duration time_limit(const RecognitionRequest& request) const override {
        return time_for(options_.time_limits, request);
    }

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

    /// What a call will cost us, by the prices of the options.
    MicroRoubles cost_of(const SynthesisRequest& request) const;
    MicroRoubles cost_of(const RecognitionRequest& request) const;

  private:
    Clock& clock_;
    Options options_;
    Server server_;
    Synthesis synthesis_;
    Recognition recognition_;
};

}  // namespace mlbilling::openai
