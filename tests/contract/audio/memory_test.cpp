// The sounds of many recordings together fill no more memory than the process has for them.
#include <chrono>

#include "adapters/audio/local_audio_codec.hpp"
#include "base/unavailable.hpp"
#include "contract/audio/recordings.hpp"
#include "support/run.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Decoded = std::variant<DecodedAudio, UnusableAudio>;

constexpr std::size_t bytes_per_second = 32'000;

class MemoryOfSounds : public testing::Test {
  protected:
    MemoryOfSounds() {
        // Little more than the most that one recording of ten seconds may need.
        options.short_sounds = 17 * bytes_per_second;
        options.longest_wait = 1ms;
    }
    std::string voice(Sound sound) {
        return run(loop, audio::LocalAudioCodec(children, {}).encode(std::move(sound))).ogg_opus;
    }
    /// A minute of it has some 4 KB.
    std::string silence(const std::string& seconds) {
        return converted(wav(tone(100ms)),
                         {"-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=" + seconds, "-map",
                          "1:a", "-c:a", "libopus", "-b:a", "500", "-f", "ogg"});
    }
    Decoded decode(audio::LocalAudioCodec& codec, const std::string& bytes, Duration longest) {
        return run(loop, codec.decode(bytes, longest));
    }

    asio::io_context loop;
    child_process::ChildProcesses children{2};
    audio::LocalAudioCodec::Options options;
};

TEST_F(MemoryOfSounds, ARecordingWaitsUntilTheSoundOfAnotherIsGone) {
    audio::LocalAudioCodec codec(children, options);
    const auto bytes = voice(tone(10s));
    auto first = decode(codec, bytes, 10s);
    ASSERT_TRUE(std::holds_alternative<DecodedAudio>(first));
    // A copy is the same samples.
    auto copy = first;
    EXPECT_THROW(decode(codec, bytes, 10s), Unavailable);
    first = UnusableAudio::damaged;
    EXPECT_THROW(decode(codec, bytes, 10s), Unavailable);
    copy = UnusableAudio::damaged;
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, bytes, 10s)));
}

TEST_F(MemoryOfSounds, WhatFfmpegDecodesCountsToo) {
    options.short_sounds = 32 * bytes_per_second;
    audio::LocalAudioCodec codec(children, options);
    const auto bytes = converted(wav(tone(10s)), {"-f", "mp3"});
    auto first = decode(codec, bytes, 11s);
    ASSERT_TRUE(std::holds_alternative<DecodedAudio>(first));
    EXPECT_THROW(decode(codec, bytes, 11s), Unavailable);
    first = UnusableAudio::damaged;
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, bytes, 11s)));
}

TEST_F(MemoryOfSounds, WhatFfmpegItselfFillsCountsToo) {
    options.short_sounds = 64 * bytes_per_second;
    const auto bytes = converted(wav(tone(1s)), {"-f", "mp3"});
    options.decoders = audio::ffmpeg_memory + bytes.size();
    audio::LocalAudioCodec codec(children, options);
    int decoded = 0;
    int refused = 0;
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(loop, codec.decode(bytes, 10s),
                       [&](std::exception_ptr error, const Decoded& sound) {
                           if (error) ++refused;
                           if (!error && std::holds_alternative<DecodedAudio>(sound)) ++decoded;
                       });
    loop.restart();
    loop.run();
    EXPECT_EQ(decoded, 1);
    EXPECT_EQ(refused, 1);
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, bytes, 10s)));
}

TEST_F(MemoryOfSounds, FfmpegSitsInTheCageOfADecoderWithinItsMemory) {
    const auto command = audio::ffmpeg_command("ffmpeg", "wav", "", 10s);
    EXPECT_EQ(command.cage, child_process::Cage::decoder);
    EXPECT_EQ(command.limits.data_bytes, audio::ffmpeg_memory);
    EXPECT_FALSE(command.network);
}

TEST_F(MemoryOfSounds, OneThatWaitsGoesOnWhenThereIsRoom) {
    options.longest_wait = 60s;
    audio::LocalAudioCodec codec(children, options);
    const auto bytes = voice(tone(10s));
    auto first = decode(codec, bytes, 10s);
    bool decoded = false;
    asio::co_spawn(loop, codec.decode(bytes, 10s),
                   [&](std::exception_ptr error, const Decoded& second) {
                       decoded = !error && std::holds_alternative<DecodedAudio>(second);
                   });
    loop.restart();
    loop.poll();
    first = UnusableAudio::damaged;
    loop.run();
    EXPECT_TRUE(decoded);
}

TEST_F(MemoryOfSounds, OnlyWhatASoundIsStaysReserved) {
    audio::LocalAudioCodec codec(children, options);
    const auto bytes = voice(tone(500ms));
    std::vector<Decoded> sounds;
    for (int i = 0; i < 5; ++i) {
        sounds.push_back(decode(codec, bytes, 10s));
        EXPECT_TRUE(std::holds_alternative<DecodedAudio>(sounds.back()));
    }
}

TEST_F(MemoryOfSounds, WhatCannotBeUsedKeepsNothing) {
    audio::LocalAudioCodec codec(children, options);
    const auto bytes = voice(tone(9s));
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(std::holds_alternative<UnusableAudio>(decode(codec, bytes, 8s)));
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, bytes, 10s)));
}

TEST_F(MemoryOfSounds, LongRecordingsWaitForEachOtherAndKeepNoShortOneWaiting) {
    options.short_sounds = 310 * bytes_per_second;
    options.long_sounds = 400 * bytes_per_second;
    audio::LocalAudioCodec codec(children, options);
    const auto six_minutes = silence("360");
    auto first = decode(codec, six_minutes, 390s);
    ASSERT_TRUE(std::holds_alternative<DecodedAudio>(first));
    EXPECT_EQ(std::get<DecodedAudio>(first).sound.duration(), 360s);
    EXPECT_THROW(decode(codec, six_minutes, 390s), Unavailable);
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, voice(tone(1s)), 390s)));
    first = UnusableAudio::damaged;
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, six_minutes, 390s)));
}

TEST_F(MemoryOfSounds, FourHoursHaveRoomByDefaultWhoeverDecodesThem) {
    audio::LocalAudioCodec codec(children, {});
    const auto flac =
        converted(wav(tone(100ms)), {"-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=360", "-map",
                                     "1:a", "-compression_level", "0", "-f", "flac"});
    for (const auto& bytes : {silence("360"), flac})
        EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(codec, bytes, 4h)));
}

}  // namespace
}  // namespace mlbilling::test
