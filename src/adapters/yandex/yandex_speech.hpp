#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "adapters/yandex/long_recognition.hpp"
#include "adapters/yandex/options.hpp"
#include "adapters/yandex/short_recognition.hpp"
#include "adapters/yandex/speech_kit.hpp"
#include "adapters/yandex/synthesis.hpp"
#include "ports/audio.hpp"
#include "ports/clock.hpp"
#include "ports/quotas.hpp"
#include "ports/random.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// Yandex SpeechKit over REST: synthesis by v3 or v1, recognition by v1 where a recording is short
/// enough and by v3's operations otherwise. Bills are estimates by Yandex's price list. Throws
/// Unavailable only when the quotas' store or the codec is down. Must not outlive the loop.
class YandexSpeech final : public Speech {
  public:
    struct Ports {
        Clock& clock;
        Random& random;
        AudioCodec& codec;
        Quotas& quotas;
    };

    /// A service account's key must be one that parse_service_account_key() accepted.
    YandexSpeech(boost::asio::any_io_executor executor, Ports ports, Options options,
                 HttpOptions http);

    std::string name() const override { return "yandex"; }
    std::vector<Voice> voices() const override;
    std::vector<std::string> recognised_languages() const override;
    bool is_demonstration() const override { return false; }

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

    /// What a call would be billed for, before it is made; nothing is taken for an operation that
    /// is resumed.
    MicroRoubles cost_of(const SynthesisRequest& request) const;
    MicroRoubles cost_of(const RecognitionRequest& request) const;

  private:
    /// Whether v1 takes it, as far as its length says.
    bool is_short(Duration recording) const;
    /// Ogg/Opus that Yandex may be given: the user's own file if it can be, else what we encode.
    Async<std::string> file_of(RecognitionRequest request);

    Ports ports_;
    Options options_;
    HttpClient http_;
    SpeechKit kit_;
    Synthesis synthesis_;
    ShortRecognition short_recognition_;
    LongRecognition long_recognition_;
};

}  // namespace mlbilling::yandex
