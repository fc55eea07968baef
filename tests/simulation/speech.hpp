#pragma once

#include <map>
#include <string>

#include "ports/audio.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "simulation/process.hpp"

namespace mlbilling::simulation {

/// A recording's file_id says what it is: `rec<N>_<true ms>` speech, `sil<N>_<ms>` silence,
/// `bad<N>_0` no audio. Its transcript is `heard rec<N>_<ms>`.
struct Recording {
    enum class Kind { speech, silence, garbage };
    Kind kind = Kind::garbage;
    Duration length{};
};
Recording parse_recording(const std::string& file);

/// A speech provider that takes its time and fails as the dice say. What it makes can be traced
/// back to what was asked: the sound carries the text.
class ScriptedSpeech final : public Speech {
  public:
    explicit ScriptedSpeech(Process& process) : process_(process) {}

    std::string name() const override { return "scripted"; }
    std::vector<Voice> voices() const override {
        return {{"ivan", "Ivan", "ru"}, {"john", "John", "en"}};
    }
    std::vector<std::string> recognised_languages() const override { return {"ru", "en"}; }
    bool is_demonstration() const override { return false; }
    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

  private:
    Async<std::optional<ProviderFailure>> trouble(Duration deadline);

    Process& process_;
};

/// Turns file names into sound and sound into files, without losing what they say.
class ScriptedCodec final : public AudioCodec {
  public:
    explicit ScriptedCodec(Process& process) : process_(process) {}
    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    Async<std::variant<mlbilling::Recording, UnusableRecording>> examine(
        Examination request) override;
    Async<EncodedVoice> encode(SharedSound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;

  private:
    Process& process_;
};

/// The disk of results; outlives every process.
using Disk = std::map<std::string, std::pair<std::string, Time>>;

class ScriptedResults final : public ResultStore {
  public:
    ScriptedResults(Process& process, Disk& disk) : process_(process), disk_(disk) {}
    Async<void> put(ResultKey key, std::string bytes) override;
    Async<std::unique_ptr<ByteSource>> open(ResultKey key) override;
    Async<std::optional<std::size_t>> size_of(ResultKey key) override;
    Async<void> remove(ResultKey key) override;
    Async<int> remove_older_than(Time moment) override;

  private:
    Process& process_;
    Disk& disk_;
};

/// Text as sound and back: each byte is a loud sample pair, so that it is not silence and survives.
Sound sound_of(const std::string& text);
std::string text_of(const Sound& sound);

}  // namespace mlbilling::simulation
