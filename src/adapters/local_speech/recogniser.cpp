#include "adapters/local_speech/recogniser.hpp"

#include <pocketsphinx.h>
#include <unistd.h>

#include <array>
#include <span>
#include <utility>

#include "adapters/local_speech/utterances.hpp"
#include "base/check.hpp"

namespace mlbilling::local_speech {
namespace {

constexpr int sample_rate = 16'000;

struct FreeConfiguration {
    void operator()(cmd_ln_t* configuration) const { cmd_ln_free_r(configuration); }
};
struct FreeDecoder {
    void operator()(ps_decoder_t* decoder) const { ps_free(decoder); }
};

/// "the(2)" is the second pronunciation of "the".
std::string without_alternatives(std::string_view words) {
    std::string text;
    bool inside = false;
    for (const char c : words) {
        if (c == '(') inside = true;
        if (!inside) text += c;
        if (c == ')') inside = false;
    }
    return text;
}

ProviderFailure failure(ProviderFailure::Kind kind, std::string detail) {
    return {kind, "PocketSphinx: " + std::move(detail)};
}

}  // namespace

struct Recogniser::Decoder {
    std::unique_ptr<cmd_ln_t, FreeConfiguration> configuration;
    std::unique_ptr<ps_decoder_t, FreeDecoder> decoder;

    /// The words of one utterance; false when the library fails. The whole utterance at once: its
    /// level is then known from the first word on, which the recognition of short ones needs.
    bool hear(std::span<const std::int16_t> utterance, std::string& words) {
        if (ps_start_utt(decoder.get()) < 0) return false;
        const int frames =
            ps_process_raw(decoder.get(), utterance.data(), utterance.size(), FALSE, TRUE);
        // Always, or the next utterance could not begin.
        const int ended = ps_end_utt(decoder.get());
        if (frames < 0 || ended < 0) return false;
        int32 score = 0;
        const char* heard = ps_get_hyp(decoder.get(), &score);
        words = heard == nullptr ? std::string() : without_alternatives(heard);
        return true;
    }
};

Recogniser::Recogniser(std::string model_directory)
    : model_directory_(std::move(model_directory)) {}
Recogniser::~Recogniser() = default;

std::string Recogniser::load() {
    if (decoder_) return {};
    const std::string model = model_directory_ + "/en-us";
    const std::string dictionary = model_directory_ + "/cmudict-en-us.dict";
    const std::string language = model_directory_ + "/en-us.lm.bin";
    // Asked for first, because the library ends the process over some missing files.
    for (const auto& file :
         {model + "/mdef", model + "/means", model + "/variances", model + "/sendump",
          model + "/transition_matrices", dictionary, language}) {
        if (access(file.c_str(), R_OK) != 0) {
            return "no model at " + file + " (Debian package pocketsphinx-en-us)";
        }
    }
    std::array<std::string, 9> arguments{"pocketsphinx", "-hmm",   model,    "-dict",    dictionary,
                                         "-lm",          language, "-logfn", "/dev/null"};
    std::array<char*, arguments.size()> pointers{};
    for (std::size_t i = 0; i < arguments.size(); ++i) pointers[i] = arguments[i].data();
    auto decoder = std::make_unique<Decoder>();
    decoder->configuration.reset(cmd_ln_parse_r(
        nullptr, ps_args(), static_cast<int32>(pointers.size()), pointers.data(), TRUE));
    if (!decoder->configuration) return "its configuration was not accepted";
    decoder->decoder.reset(ps_init(decoder->configuration.get()));
    if (!decoder->decoder) return "the model at " + model_directory_ + " cannot be loaded";
    decoder_ = std::move(decoder);
    return {};
}

Provided<Transcript> Recogniser::recognize(const SharedSound& sound,
                                           const work_threads::Stop& stop) {
    using Kind = ProviderFailure::Kind;
    CHECK(sound.sample_rate() == sample_rate);
    const auto utterances = utterances_of(sound.samples());
    if (utterances.empty()) return Transcript{};
    if (auto problem = load(); !problem.empty())
        return failure(Kind::misconfigured, std::move(problem));
    Transcript transcript;
    for (const auto& utterance : utterances) {
        if (stop.requested()) return failure(Kind::busy, "stopped");
        std::string words;
        if (!decoder_->hear(utterance, words)) return failure(Kind::down, "an utterance failed");
        if (!transcript.text.empty() && !words.empty()) transcript.text += ' ';
        transcript.text += words;
    }
    return transcript;
}

}  // namespace mlbilling::local_speech
