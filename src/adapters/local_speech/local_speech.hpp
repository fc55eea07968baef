#pragma once

#include <string>
#include <vector>

#include "adapters/child_process/child_process.hpp"
#include "adapters/local_speech/recogniser.hpp"
#include "adapters/local_speech/synthesis.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/speech.hpp"

namespace mlbilling::local_speech {

/// The demonstration engine, with nothing to sign up for: espeak-ng for Russian and other
/// languages, flite for English, PocketSphinx for recognising English and nothing else. Destroyed
/// on the loop's thread before the loop is.
class LocalSpeech final : public Speech {
  public:
    struct Options {
        Programs programs;
        std::string model_directory = "/usr/share/pocketsphinx/model/en-us";
    };

    LocalSpeech(child_process::ChildProcesses& children, Options options);

    std::string name() const override { return "local"; }
    std::vector<Voice> voices() const override;
    std::vector<std::string> recognised_languages() const override { return {"en"}; }
    bool is_demonstration() const override { return true; }

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    /// The sound must be of 16 kHz, as AudioCodec::decode() makes it.
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

  private:
    child_process::ChildProcesses& children_;
    Options options_;
    Recogniser recogniser_;
    /// One: PocketSphinx is not made for more. The last member, so that it ends before what it
    /// uses.
    work_threads::WorkThreads thread_{1};
};

}  // namespace mlbilling::local_speech
