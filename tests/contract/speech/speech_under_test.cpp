#include "contract/speech/speech_under_test.hpp"

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"

namespace mlbilling::test {
namespace {

constexpr Duration longest_voice{3'600'000};

}  // namespace

Provided<Sound> heard(Provided<SpokenVoice> provided) {
    if (auto* failure = std::get_if<ProviderFailure>(&provided)) return std::move(*failure);
    auto& audio = std::get<SpokenVoice>(provided).audio;
    if (auto* sound = std::get_if<Sound>(&audio)) return std::move(*sound);
    boost::asio::io_context loop;
    child_process::ChildProcesses children(1);
    audio::LocalAudioCodec codec(children, {});
    auto decoded =
        run(loop, codec.decode(std::move(std::get<EncodedVoice>(audio).ogg_opus), longest_voice));
    if (auto* found = std::get_if<DecodedAudio>(&decoded)) return found->sound.copy();
    ADD_FAILURE() << "the provider's voice cannot be decoded";
    return Sound{};
}

}  // namespace mlbilling::test
