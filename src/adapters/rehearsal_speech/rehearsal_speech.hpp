#pragma once

#include "ports/clock.hpp"
#include "ports/speech.hpp"

namespace mlbilling {

/// A real provider that can be told to misbehave, so that a newcomer sees on the chat page what
/// then happens to the credits. Only wired while the Telegram sandbox stands in for Telegram.
class RehearsalSpeech final : public Speech {
  public:
    enum class Mode { ok, fail, hang, silence };

    RehearsalSpeech(Speech& provider, Clock& clock) : provider_(provider), clock_(clock) {}

    void set_mode(Mode mode) { mode_ = mode; }
    Mode mode() const { return mode_; }

    std::string name() const override { return provider_.name(); }
    std::vector<Voice> voices() const override { return provider_.voices(); }
    std::vector<std::string> recognised_languages() const override {
        return provider_.recognised_languages();
    }
    bool is_demonstration() const override { return provider_.is_demonstration(); }
    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

  private:
    Speech& provider_;
    Clock& clock_;
    Mode mode_ = Mode::ok;
};

}  // namespace mlbilling
