#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "contract/audio/recordings.hpp"
#include "ports/audio.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// One implementation of AudioCodec and how to make it.
struct CodecFactory {
    std::string name;
    std::function<std::shared_ptr<AudioCodec>()> make;

    friend std::ostream& operator<<(std::ostream& out, const CodecFactory& factory) {
        return out << factory.name;
    }
};

CodecFactory local_codec();

/// What every AudioCodec promises.
class CodecContract : public testing::TestWithParam<CodecFactory> {
  public:
    using Decoded = std::variant<DecodedAudio, UnusableAudio>;

    Decoded decode(std::string bytes, Duration longest = Duration(60'000)) {
        return run(loop, codec->decode(std::move(bytes), longest));
    }
    EncodedVoice encode(Sound sound) { return run(loop, codec->encode(std::move(sound))); }

    Sound sound_of(std::string bytes, Duration longest = Duration(60'000)) {
        auto decoded = decode(std::move(bytes), longest);
        if (const auto* unusable = std::get_if<UnusableAudio>(&decoded)) {
            ADD_FAILURE() << "unusable: " << static_cast<int>(*unusable);
            return {};
        }
        return std::get<DecodedAudio>(decoded).sound.copy();
    }

    boost::asio::io_context loop;
    std::shared_ptr<AudioCodec> codec = GetParam().make();
};

inline testing::AssertionResult is(const std::variant<DecodedAudio, UnusableAudio>& decoded,
                                   UnusableAudio expected) {
    if (const auto* unusable = std::get_if<UnusableAudio>(&decoded)) {
        if (*unusable == expected) return testing::AssertionSuccess();
        return testing::AssertionFailure() << "it is unusable: " << static_cast<int>(*unusable);
    }
    return testing::AssertionFailure()
           << "it is a sound of " << std::get<DecodedAudio>(decoded).sound.duration().count()
           << " ms";
}

}  // namespace mlbilling::test
