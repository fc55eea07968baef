// Of several tracks and channels the one that is meant is heard; and what ffmpeg's end says.
#include <csignal>

#include "adapters/audio/ffmpeg_decoder.hpp"
#include "adapters/audio/stated_rate.hpp"
#include "base/unavailable.hpp"
#include "contract/audio/codec_under_test.hpp"

namespace mlbilling::test {
namespace {

using namespace std::chrono_literals;
using audio::Hearing;
using child_process::ChildEnd;
using child_process::ChildResult;

using SoundChoice = CodecContract;
INSTANTIATE_TEST_SUITE_P(All, SoundChoice, testing::Values(local_codec()),
                         [](const auto& param) { return param.param.name; });

/// A file with a sine of each pitch as a track of its own; 0 Hz is silence.
std::string tracks(const std::vector<std::string>& pitches, int marked, const std::string& format) {
    std::vector<std::string> arguments;
    for (const auto& pitch : pitches)
        arguments.insert(arguments.end(), {"-f", "lavfi", "-i", "sine=" + pitch + ":d=2"});
    for (std::size_t i = 0; i < pitches.size(); ++i) {
        const auto number = std::to_string(i);
        const bool is_silent = pitches[i] == "0";
        arguments.insert(arguments.end(), {"-map", std::to_string(i + 1) + ":a"});
        arguments.insert(arguments.end(),
                         {"-filter:a:" + number, is_silent ? "volume=0" : "volume=2"});
        arguments.insert(arguments.end(), {"-disposition:a:" + number,
                                           static_cast<int>(i) == marked ? "default" : "0"});
    }
    arguments.insert(arguments.end(), {"-c:a", "aac", "-f", format});
    return converted(wav(tone(100ms)), arguments);
}

TEST_P(SoundChoice, TheTrackThatIsMarkedAsDefaultIsHeard) {
    for (const auto* format : {"mp4", "matroska"}) {
        EXPECT_NEAR(pitch(sound_of(tracks({"300", "700"}, 1, format))), 700, 8) << format;
        EXPECT_NEAR(pitch(sound_of(tracks({"300", "700"}, 0, format))), 300, 8) << format;
    }
}

TEST_P(SoundChoice, WhenItIsSilentTheNextOneIs) {
    EXPECT_NEAR(pitch(sound_of(tracks({"300", "0"}, 1, "matroska"))), 300, 8);
    EXPECT_NEAR(pitch(sound_of(tracks({"0", "700"}, 0, "mp4"))), 700, 8);
    EXPECT_NEAR(pitch(sound_of(tracks({"0", "0", "700"}, 1, "matroska"))), 700, 8);
    EXPECT_LT(loudness(sound_of(tracks({"0", "0"}, 0, "matroska"))), 50);
}

TEST_P(SoundChoice, ChannelsThatCancelEachOtherOutAreHeard) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"-f", "wav"}, {"-f", "mp3"}, {"-c:a", "aac", "-f", "ipod"}}) {
        std::vector<std::string> all{"-af", "pan=stereo|c0=c0|c1=-1*c0"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const auto sound = sound_of(converted(wav(tone(2s)), all));
        EXPECT_NEAR(pitch(sound), 440, 5) << arguments.back();
        EXPECT_GT(loudness(sound), 8'000) << arguments.back();
        EXPECT_NEAR(static_cast<double>(sound.duration().count()), 2'000, 160);
    }
}

TEST_P(SoundChoice, Mp3BehindPaddingIsHeard) {
    const auto mp3 = converted(wav(tone(2s)), {"-id3v2_version", "0", "-f", "mp3"});
    EXPECT_NEAR(pitch(sound_of(std::string(4096, '\0') + mp3)), 440, 5);
    EXPECT_NEAR(pitch(sound_of(std::string(150'000, '\0') + mp3)), 440, 5);
}

TEST_P(SoundChoice, QuickTimeBehindAnotherBoxIsHeard) {
    const auto movie = converted(wav(tone(2s)), {"-c:a", "pcm_s16be", "-f", "mov"});
    // The boxes of the movie name places in it, so that the room is made behind `ftyp`'s end.
    const std::string room(
        "\0\0\0\x14"
        "free\0\0\0\0\0\0\0\0\0\0\0\0",
        20);
    ASSERT_EQ(movie.substr(0, 8), std::string("\0\0\0\x14"
                                              "ftyp",
                                              8));
    EXPECT_NEAR(pitch(sound_of(room + movie.substr(room.size()))), 440, 5);
}

/// A WAV of 8 bits that claims the rate.
std::string wav_at(std::uint32_t rate) {
    auto bytes = wav({.sample_rate = 16'000, .samples = std::vector<std::int16_t>(100'000, 1'000)});
    for (unsigned i = 0; i < 4; ++i) bytes[24 + i] = static_cast<char>(rate >> (8 * i));
    return bytes;
}

TEST_P(SoundChoice, AbsurdRatesAreRefused) {
    for (const std::uint32_t rate : {0U, 1U, 3'999U, 384'001U, 4'000'000'000U})
        EXPECT_TRUE(is(decode(wav_at(rate)), UnusableAudio::damaged)) << rate;
    EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decode(wav_at(4'000))));
    // What only ffmpeg can read.
    const auto slow = converted(wav(tone(500ms)), {"-af", "asetrate=2000", "-ar", "2000", "-c:a",
                                                   "pcm_s16le", "-f", "matroska"});
    EXPECT_TRUE(is(decode(slow), UnusableAudio::damaged));
}

TEST(StatedRate, IsReadFromEveryKindThatStatesIt) {
    const auto source = wav(tone(100ms, 440, 22'050));
    for (const std::string kind : {"wav", "aiff", "au", "caf", "flac"}) {
        std::vector<std::string> arguments{"-f", kind};
        if (kind == "caf") arguments = {"-c:a", "pcm_s16be", "-f", kind};
        const auto bytes = converted(source, arguments);
        const auto rate = audio::stated_rate(bytes, kind);
        ASSERT_TRUE(rate) << kind;
        EXPECT_DOUBLE_EQ(*rate, 22'050) << kind;
        const auto cut_off = audio::stated_rate(bytes.substr(0, 14), kind);
        EXPECT_EQ(cut_off.value_or(0), 0) << kind;
    }
    EXPECT_FALSE(audio::stated_rate(source, "mov"));
}

/// The program that pretends to be ffmpeg sees nothing but its end.
ChildResult ended_by(int signal) { return {.end = ChildEnd::signalled, .code = signal}; }

TEST(EndOfFfmpeg, SomebodyElsesKillIsNotTheRecordingsFault) {
    for (const int signal : {SIGKILL, SIGTERM, SIGINT, SIGHUP})
        EXPECT_THROW(audio::read_ffmpeg(ended_by(signal), 10s), Unavailable) << signal;
    const ChildResult not_loaded{.end = ChildEnd::exited, .code = 127};
    EXPECT_THROW(audio::read_ffmpeg(not_loaded, 10s), Unavailable);
}

TEST(EndOfFfmpeg, ItsOwnCrashAndItsLimitsAre) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGSYS, SIGXCPU}) {
        const auto read = audio::read_ffmpeg(ended_by(signal), 10s);
        EXPECT_EQ(std::get<UnusableAudio>(read), UnusableAudio::damaged) << signal;
    }
}

TEST(TracksOfFfmpeg, AreReadFromItsReport) {
    const auto tracks = audio::tracks_in(
        "Input #0, mov, from 'file:/dev/stdin':\n"
        "  Stream #0:0[0x1](und): Video: h264, yuv420p, 1000 Hz, 25 fps\n"
        "  Stream #0:1[0x2](eng): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp\n"
        "  Stream #0:2: Audio: ac3, 48000 Hz, 5.1(side), fltp, 448 kb/s (default)\n"
        "  Stream #0:3: Audio: pcm_s16le, 8000 Hz, 3 channels, s16\n"
        "  Stream #0:4: Audio: none, 0 channels\n"
        "Stream mapping:\n"
        "  Stream #0:1 -> #0:0 (aac (native) -> pcm_s16le (native))\n"
        "Output #0, s16le, to 'pipe:1':\n"
        "  Stream #0:0: Audio: pcm_s16le, 16000 Hz, mono, s16, 256 kb/s\n");
    ASSERT_EQ(tracks.size(), 4U);
    EXPECT_EQ(tracks[0].rate, 44'100);
    EXPECT_EQ(tracks[0].channels, 2);
    EXPECT_EQ(tracks[1].channels, 6);
    EXPECT_EQ(tracks[2].channels, 3);
    EXPECT_EQ(tracks[3].rate, 0);
    const auto hearings = audio::hearings_of(tracks);
    ASSERT_EQ(hearings.size(), 6U);
    EXPECT_EQ(hearings[0].track, 1);
    EXPECT_EQ(hearings[1].channel, 0);
    EXPECT_EQ(hearings[2].track, 0);
    EXPECT_EQ(hearings[4].track, 2);
    EXPECT_EQ(audio::hearings_of({}).size(), 1U);
}

}  // namespace
}  // namespace mlbilling::test
