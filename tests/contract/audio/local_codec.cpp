#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "contract/audio/codec_under_test.hpp"

namespace mlbilling::test {
namespace {

struct Owner {
    child_process::ChildProcesses children{2};
    audio::LocalAudioCodec codec{children, {}};
};

}  // namespace

CodecFactory local_codec() {
    return {"local", [] {
                auto owner = std::make_shared<Owner>();
                return std::shared_ptr<AudioCodec>(owner, &owner->codec);
            }};
}

}  // namespace mlbilling::test
