#include "adapters/audio/opus_decoders.hpp"

#include <opus/opus.h>

#include "base/check.hpp"

namespace mlbilling::audio {

void OpusDecoders::Destroy::operator()(OpusDecoder* decoder) const {
    opus_decoder_destroy(decoder);
}

void OpusDecoders::GiveBack::operator()(OpusDecoder* decoder) const {
    Owned owned(decoder);
    CHECK(opus_decoder_ctl(decoder, OPUS_RESET_STATE) == OPUS_OK);
    const std::lock_guard lock(home->mutex_);
    home->idle_.push_back(std::move(owned));
}

OpusDecoders::Lent OpusDecoders::lend() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto* decoder = idle_.back().release();
            idle_.pop_back();
            return {decoder, GiveBack{this}};
        }
    }
    int error = OPUS_OK;
    return {opus_decoder_create(rate_, 1, &error), GiveBack{this}};
}

}  // namespace mlbilling::audio
