#include "adapters/audio/opus_writer.hpp"

#include <opus/opusenc.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::audio {
namespace {

constexpr int bits_per_second = 24'000;
constexpr int lowest_rate = 8'000;
constexpr int highest_rate = 48'000;

struct DestroyComments {
    void operator()(OggOpusComments* comments) const { ope_comments_destroy(comments); }
};
struct DestroyEncoder {
    void operator()(OggOpusEnc* encoder) const { ope_encoder_destroy(encoder); }
};

int append(void* target, const unsigned char* bytes, opus_int32 size) {
    static_cast<std::string*>(target)->append(bytes, bytes + size);
    return 0;
}
int close(void*) { return 0; }

void must_be_ok(int error) {
    if (error != OPE_OK) throw Unavailable(std::string("libopusenc: ") + ope_strerror(error));
}

}  // namespace

EncodedVoice write_opus(const SharedSound& sound, const work_threads::Stop& stop) {
    const auto samples = sound.samples();
    const int rate = sound.sample_rate();
    CHECK(rate >= lowest_rate && rate <= highest_rate);
    EncodedVoice voice{.ogg_opus = {}, .duration = sound.duration()};
    if (samples.empty()) return voice;

    const OpusEncCallbacks callbacks{.write = append, .close = close};
    const std::unique_ptr<OggOpusComments, DestroyComments> comments(ope_comments_create());
    if (!comments) must_be_ok(OPE_ALLOC_FAIL);
    int error = OPE_OK;
    const std::unique_ptr<OggOpusEnc, DestroyEncoder> encoder(ope_encoder_create_callbacks(
        &callbacks, &voice.ogg_opus, comments.get(), rate, 1, 0, &error));
    must_be_ok(error);
    must_be_ok(ope_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(bits_per_second)));
    must_be_ok(ope_encoder_ctl(encoder.get(), OPUS_SET_APPLICATION(OPUS_APPLICATION_VOIP)));
    must_be_ok(ope_encoder_ctl(encoder.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)));

    const auto second = static_cast<std::size_t>(rate);
    for (std::size_t at = 0; at < samples.size() && !stop.requested(); at += second) {
        const auto count = std::min(second, samples.size() - at);
        must_be_ok(ope_encoder_write(encoder.get(), samples.data() + at, static_cast<int>(count)));
    }
    must_be_ok(ope_encoder_drain(encoder.get()));
    return voice;
}

}  // namespace mlbilling::audio
