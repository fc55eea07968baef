// Everything that people send can be read, and comes back as what it was.
#include "contract/audio/codec_under_test.hpp"

namespace mlbilling::test {
namespace {

using Formats = CodecContract;
INSTANTIATE_TEST_SUITE_P(All, Formats, testing::Values(local_codec()),
                         [](const auto& param) { return param.param.name; });

TEST_P(Formats, AVoiceIsDecodedToTheLengthAndPitchThatWereEncoded) {
    for (const int rate : {8'000, 16'000, 22'050, 24'000, 44'100, 48'000}) {
        const auto voice = encode(tone(Duration(1'730), 440, rate));
        EXPECT_EQ(voice.duration, Duration(1'730)) << rate;
        EXPECT_TRUE(voice.ogg_opus.starts_with("OggS"));
        const Sound sound = sound_of(voice.ogg_opus);
        EXPECT_EQ(sound.sample_rate, 16'000);
        EXPECT_NEAR(static_cast<double>(sound.duration().count()), 1'730, 2) << rate;
        EXPECT_NEAR(pitch(sound), 440, 5) << rate;
        EXPECT_NEAR(loudness(sound), 16'000 / std::sqrt(2), 1'500) << rate;
    }
}

TEST_P(Formats, AVoiceTakesTwentyFourKilobitsASecondAtMost) {
    const auto voice = encode(tone(Duration(20'000)));
    EXPECT_LT(voice.ogg_opus.size(), 20U * 24'000 / 8 * 115 / 100);
}

TEST_P(Formats, AnEmptySoundIsAnEmptyVoice) {
    const auto voice = encode({});
    EXPECT_EQ(voice.ogg_opus, "");
    EXPECT_EQ(voice.duration, Duration(0));
}

TEST_P(Formats, TheShortestSoundsSurvive) {
    for (const std::size_t count : {1U, 2U, 15U, 160U, 321U}) {
        Sound sound = tone(Duration(100));
        sound.samples.resize(count);
        const auto decoded = sound_of(encode(sound).ogg_opus);
        EXPECT_NEAR(static_cast<double>(decoded.samples.size()), static_cast<double>(count), 1);
    }
}

struct Format {
    std::string name;
    std::vector<std::string> arguments;
    double pitch = 440;
};

TEST_P(Formats, WhatFfmpegReadsIsReadWithItsLengthAndPitch) {
    const std::vector<Format> formats{
        {"wav", {"-f", "wav"}},
        {"wav 8 bit stereo", {"-ac", "2", "-c:a", "pcm_u8", "-f", "wav"}},
        {"mp3", {"-f", "mp3"}},
        {"mp3 without tag", {"-id3v2_version", "0", "-write_xing", "0", "-f", "mp3"}},
        {"m4a with its index at the end", {"-c:a", "aac", "-f", "ipod"}},
        {"mp4 with its index in front", {"-c:a", "aac", "-movflags", "faststart", "-f", "mp4"}},
        {"webm", {"-c:a", "libopus", "-f", "webm"}},
        {"mkv", {"-c:a", "flac", "-f", "matroska"}},
        {"ogg vorbis", {"-c:a", "libvorbis", "-f", "ogg"}},
        {"ogg opus stereo", {"-ac", "2", "-c:a", "libopus", "-f", "ogg"}},
        {"ogg flac", {"-c:a", "flac", "-f", "ogg"}},
        {"flac", {"-f", "flac"}},
        {"aac", {"-c:a", "aac", "-f", "adts"}},
        {"aiff", {"-f", "aiff"}},
        {"caf", {"-c:a", "pcm_s16be", "-f", "caf"}},
        {"au", {"-f", "au"}},
        {"wma", {"-c:a", "wmav2", "-f", "asf"}},
        {"avi", {"-c:a", "mp3", "-f", "avi"}},
        {"mpegts", {"-c:a", "mp2", "-f", "mpegts"}},
        {"flv", {"-c:a", "aac", "-ar", "44100", "-f", "flv"}},
    };
    const auto source = wav(tone(Duration(3'000)));
    for (const auto& format : formats) {
        SCOPED_TRACE(format.name);
        const Sound sound = sound_of(converted(source, format.arguments));
        EXPECT_EQ(sound.sample_rate, 16'000);
        EXPECT_NEAR(static_cast<double>(sound.duration().count()), 3'000, 160);
        EXPECT_NEAR(pitch(sound), 440, 5);
    }
}

TEST_P(Formats, AVideoNoteIsHeard) {
    const auto video = converted(wav(tone(Duration(2'000))),
                                 {"-f", "lavfi", "-i", "testsrc=size=240x240:rate=10:duration=2",
                                  "-c:v", "mpeg4", "-c:a", "aac", "-f", "mp4"});
    EXPECT_NEAR(pitch(sound_of(video)), 440, 5);
}

TEST_P(Formats, BothChannelsAreHeard) {
    const std::vector<std::vector<std::string>> only_right{
        {"-af", "pan=stereo|c1=c0", "-c:a", "libopus", "-f", "ogg"},
        {"-af", "pan=stereo|c1=c0", "-f", "wav"}};
    for (const auto& arguments : only_right) {
        const Sound sound = sound_of(converted(wav(tone(Duration(1'000))), arguments));
        EXPECT_NEAR(pitch(sound), 440, 5);
        EXPECT_GT(loudness(sound), 3'000);
    }
}

TEST_P(Formats, WhatIsTooHighForTheRecogniserDoesNotFoldBack) {
    const auto high = converted(wav(tone(Duration(1'000), 10'000, 48'000)),
                                {"-c:a", "libopus", "-b:a", "128k", "-f", "ogg"});
    EXPECT_LT(loudness(sound_of(high)), 60);
    const auto heard = converted(wav(tone(Duration(1'000), 5'000, 48'000)),
                                 {"-c:a", "libopus", "-b:a", "128k", "-f", "ogg"});
    EXPECT_NEAR(pitch(sound_of(heard)), 5'000, 30);
}

TEST_P(Formats, OpusThatLibopusfileDoesNotTakeIsStillRead) {
    // Channel mapping 255 is legal, and refused by libopusfile (RFC 7845, section 5.1.1.3).
    const auto discrete =
        converted(wav(tone(Duration(1'000))),
                  {"-ac", "2", "-c:a", "libopus", "-mapping_family", "255", "-f", "ogg"});
    EXPECT_NEAR(pitch(sound_of(discrete)), 440, 5);
}

TEST_P(Formats, AnId3TagInFrontIsPassedOver) {
    const std::string tag("ID3\x04\0\0\0\0\x01\x00", 10);
    const auto padding = std::string(128, '\0');
    const auto source = wav(tone(Duration(2'000)));
    EXPECT_NEAR(pitch(sound_of(tag + padding + converted(source, {"-f", "flac"}))), 440, 5);
    EXPECT_NEAR(pitch(sound_of(tag + padding + converted(source, {"-c:a", "aac", "-f", "adts"}))),
                440, 5);
}

}  // namespace
}  // namespace mlbilling::test
