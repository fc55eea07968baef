// What is broken, lying or hostile is measured or refused, and harms nobody.
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <fstream>
#include <random>

#include "adapters/audio/local_audio_codec.hpp"
#include "base/unavailable.hpp"
#include "contract/audio/codec_under_test.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using HostileInput = CodecContract;
INSTANTIATE_TEST_SUITE_P(All, HostileInput, testing::Values(local_codec()),
                         [](const auto& param) { return param.param.name; });

TEST_P(HostileInput, WhatIsNoMediaFileIsNotAudio) {
    std::mt19937 random(1);
    std::string noise(10'000, '\0');
    for (auto& byte : noise) byte = static_cast<char>(random());
    noise[0] = 'x';
    for (const std::string& bytes :
         {std::string(), std::string("O"), std::string("OggS").substr(0, 3), noise,
          std::string("Hello, this is a text"), std::string(100'000, '\0'), std::string("%PDF-1.7"),
          std::string("\xFF\xD8\xFF\xE0 a picture"), std::string("\xFF\xFEH\0e\0l\0l\0o\0", 12),
          std::string("MZ\x90"),
          std::string("\x7F"
                      "ELF")}) {
        EXPECT_TRUE(is(decode(bytes), UnusableAudio::not_audio)) << bytes.substr(0, 20);
    }
}

TEST_P(HostileInput, AVideoWithoutSoundIsNotAudio) {
    const auto silent =
        converted(wav(tone(1s)), {"-f", "lavfi", "-i", "color=size=16x16:rate=5:duration=1", "-map",
                                  "1:v", "-c:v", "mpeg4", "-f", "mp4"});
    EXPECT_TRUE(is(decode(silent), UnusableAudio::not_audio));
}

TEST_P(HostileInput, APlaylistCannotNameAnotherFile) {
    const TemporaryDirectory directory;
    const auto secret = (directory.path() / "secret.wav").string();
    std::ofstream(secret, std::ios::binary) << wav(tone(3s));
    const std::vector<std::string> playlists{
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile:" + secret + "\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:3,\n/etc/passwd\n",
        "ffconcat version 1.0\nfile " + secret + "\n",
        "file '" + secret + "'\n",
        "concat:" + secret,
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        "<?xml version=\"1.0\"?><MPD><BaseURL>" + secret + "</BaseURL></MPD>",
        "[playlist]\nFile1=" + secret + "\n"};
    for (const auto& playlist : playlists) {
        EXPECT_TRUE(is(decode(playlist), UnusableAudio::not_audio)) << playlist;
        // The same behind another kind's first bytes.
        for (const std::string& magic :
             {std::string("ID3\x04\0\0\0\0\0\0", 10), std::string("OggS"), std::string("fLaC"),
              std::string("\0\0\0\x08"
                          "ftyp",
                          8)}) {
            EXPECT_TRUE(std::holds_alternative<UnusableAudio>(decode(magic + playlist)))
                << playlist;
        }
    }
}

TEST_P(HostileInput, WhatIsLongerThanAllowedIsTooLong) {
    const auto source = wav(tone(3s));
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"-c:a", "libopus", "-f", "ogg"}, {"-f", "mp3"}, {"-f", "wav"}}) {
        const auto bytes = converted(source, arguments);
        EXPECT_TRUE(is(decode(bytes, 2'900ms), UnusableAudio::too_long)) << arguments.back();
        EXPECT_TRUE(is(decode(bytes, 100ms), UnusableAudio::too_long)) << arguments.back();
        EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(bytes, 3'200ms)))
            << arguments.back();
    }
}

TEST_P(HostileInput, ExactlyTheAllowedLengthIsFine) {
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(encode(tone(3s)).ogg_opus, 3s)));
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(wav(tone(3s)), 3s)));
}

TEST_P(HostileInput, SmallFilesThatExpandWithoutBoundAreCutOff) {
    const auto silence = [](const std::string& length, std::vector<std::string> arguments) {
        std::vector<std::string> all{"-f",
                                     "lavfi",
                                     "-i",
                                     "anullsrc=r=8000:cl=mono:d=" + length,
                                     "-map",
                                     "1:a",
                                     "-compression_level",
                                     "0"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return converted(wav(tone(100ms)), all);
    };
    const auto flac = silence("7200", {"-f", "flac"});
    const auto minute = silence("60", {"-c:a", "libopus", "-b:a", "500", "-f", "ogg"});
    std::string opus;
    while (opus.size() < 5'000'000) opus += minute;
    for (const auto& bomb : {flac, opus}) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_TRUE(is(decode(bomb, 60s), UnusableAudio::too_long));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
    }
}

TEST_P(HostileInput, RecordingsJoinedBehindTheBackOfTheirHeadersAreMeasuredAsWhatIsHeard) {
    const auto one = encode(tone(2s)).ogg_opus;
    const auto other = encode(tone(2s, 300)).ogg_opus;
    for (const auto& joined : {one + one + one, one + other + one}) {
        EXPECT_NEAR(static_cast<double>(sound_of(joined).duration().count()), 6'000, 50);
        EXPECT_TRUE(is(decode(joined, 3s), UnusableAudio::too_long));
    }
}

TEST_P(HostileInput, AHeaderThatLiesAboutTheLengthChangesNothing) {
    auto claims_less = wav(tone(5s));
    auto claims_more = wav(tone(2s));
    for (auto* bytes : {&claims_less, &claims_more}) {
        const bool less = bytes == &claims_less;
        const std::string lie = less ? std::string("\x00\x10\x00\x00", 4) : "\xFF\xFF\xFF\x7F";
        bytes->replace(4, 4, lie);
        bytes->replace(40, 4, lie);
    }
    // Whatever is taken out of the first, it is never more than it is measured as.
    EXPECT_LE(sound_of(claims_less).duration(), 5s);
    EXPECT_EQ(sound_of(claims_more).duration(), 2s);
    auto granules = encode(tone(5s)).ogg_opus;
    for (auto at = granules.find("OggS", 200); at != std::string::npos;
         at = granules.find("OggS", at + 1)) {
        granules.replace(at + 6, 8, std::string(8, '\x01'));
    }
    const auto decoded = decode(granules, 4s);
    if (const auto* audio = std::get_if<DecodedAudio>(&decoded))
        EXPECT_LE(audio->sound.duration(), 4s);
}

TEST_P(HostileInput, ATruncatedRecordingIsReadAsFarAsItGoes) {
    const auto voice = encode(tone(10s)).ogg_opus;
    const auto half = sound_of(voice.substr(0, voice.size() / 2));
    EXPECT_GT(half.duration(), 3s);
    EXPECT_LT(half.duration(), 7s);
    const auto mp3 = converted(wav(tone(10s)), {"-f", "mp3"});
    EXPECT_NEAR(static_cast<double>(sound_of(mp3.substr(0, mp3.size() / 2)).duration().count()),
                5'000, 500);
}

TEST_P(HostileInput, ARecordingWithNothingBehindItsHeaderIsDamaged) {
    const auto voice = encode(tone(1s)).ogg_opus;
    EXPECT_TRUE(is(decode(voice.substr(0, 100)), UnusableAudio::damaged));
    EXPECT_TRUE(is(decode(voice.substr(0, 30)), UnusableAudio::damaged));
    const auto m4a = converted(wav(tone(1s)), {"-c:a", "aac", "-f", "ipod"});
    EXPECT_TRUE(is(decode(m4a.substr(0, m4a.size() / 2)), UnusableAudio::damaged));
    EXPECT_TRUE(is(decode("fLaC" + std::string(1'000, 'x')), UnusableAudio::damaged));
    EXPECT_TRUE(is(decode(wav({}).substr(0, 44)), UnusableAudio::damaged));
}

TEST_P(HostileInput, AHoleInTheMiddleLosesOnlyTheHole) {
    auto voice = encode(tone(10s)).ogg_opus;
    voice.replace(voice.size() / 2, 200, std::string(200, 'x'));
    EXPECT_GT(sound_of(voice).duration(), 7s);
}

TEST_P(HostileInput, FlippedBytesNeverDecodeToMoreThanAllowed) {
    std::mt19937 random(7);
    const auto voice = encode(tone(2s)).ogg_opus;
    const auto mp3 = converted(wav(tone(2s)), {"-f", "mp3"});
    const auto m4a = converted(wav(tone(2s)), {"-c:a", "aac", "-f", "ipod"});
    for (int i = 0; i < 80; ++i) {
        std::string bytes = i < 60 ? voice : i < 70 ? mp3 : m4a;
        const auto flips = 1 + random() % 20;
        for (unsigned flip = 0; flip < flips; ++flip) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        const auto decoded = decode(bytes, 3s);
        if (const auto* audio = std::get_if<DecodedAudio>(&decoded))
            EXPECT_LE(audio->sound.duration(), 3s);
    }
}

TEST_P(HostileInput, ManyAtOnceAllComeBack) {
    const auto voice = encode(tone(2s)).ogg_opus;
    const auto mp3 = converted(wav(tone(2s)), {"-f", "mp3"});
    int ended = 0;
    for (int i = 0; i < 12; ++i) {
        asio::co_spawn(loop, codec->decode(i % 2 == 0 ? voice : mp3, 10s),
                       [&](std::exception_ptr error, const Decoded& decoded) {
                           EXPECT_FALSE(error);
                           EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decoded));
                           ++ended;
                       });
    }
    loop.restart();
    loop.run();
    EXPECT_EQ(ended, 12);
}

TEST_P(HostileInput, ACancelledDecodingEnds) {
    const auto long_voice = encode(tone(60s)).ogg_opus;
    const auto long_mp3 = converted(wav(tone(60s)), {"-f", "mp3"});
    for (const auto& bytes : {long_voice, long_mp3}) {
        asio::cancellation_signal cancel;
        bool ended = false;
        asio::co_spawn(loop, codec->decode(bytes, 100s),
                       asio::bind_cancellation_slot(cancel.slot(),
                                                    [&](std::exception_ptr error, const Decoded&) {
                                                        EXPECT_TRUE(error);
                                                        ended = true;
                                                    }));
        loop.restart();
        loop.poll();
        cancel.emit(asio::cancellation_type::terminal);
        while (!ended && loop.run_one() > 0) {
        }
        EXPECT_TRUE(ended);
    }
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(encode(tone(1s)).ogg_opus)));
}

TEST(LocalAudioCodec, NamesThePackageWhenFfmpegIsMissing) {
    asio::io_context loop;
    child_process::ChildProcesses children(1);
    audio::LocalAudioCodec codec(children, {.ffmpeg = "/no/such/ffmpeg", .threads = 1});
    try {
        run(loop, codec.decode(wav(tone(1s)), 10s));
        FAIL();
    } catch (const Unavailable& error) {
        EXPECT_NE(std::string(error.what()).find("package ffmpeg"), std::string::npos);
    }
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(
        run(loop, codec.decode(run(loop, codec.encode(tone(1s))).ogg_opus, 10s))));
}

}  // namespace
}  // namespace mlbilling::test
