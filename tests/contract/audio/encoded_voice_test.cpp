// Voices that somebody else has encoded: looked into and joined without being encoded again.
#include <algorithm>

#include "contract/audio/codec_under_test.hpp"

namespace mlbilling::test {
namespace {

using namespace std::chrono_literals;

class EncodedVoices : public CodecContract {
  protected:
    using Inspected = std::variant<InspectedVoice, UnusableAudio>;

    Inspected inspect(std::string file) { return run(loop, codec->inspect(std::move(file))); }
    InspectedVoice found(std::string file) {
        auto inspected = inspect(std::move(file));
        if (auto* voice = std::get_if<InspectedVoice>(&inspected)) return std::move(*voice);
        ADD_FAILURE() << "unusable";
        return {};
    }
    EncodedVoice joined(std::vector<std::string> files) {
        auto voice = run(loop, codec->join(std::move(files)));
        if (auto* made = std::get_if<EncodedVoice>(&voice)) return std::move(*made);
        ADD_FAILURE() << "unusable";
        return {};
    }
    bool is_damaged(std::string file) {
        const auto inspected = inspect(std::move(file));
        const auto* why = std::get_if<UnusableAudio>(&inspected);
        return why != nullptr && *why == UnusableAudio::damaged;
    }
    /// One stream after the other in one file, as `cat` would do it.
    std::string chained(const std::vector<Duration>& lengths) {
        std::string file;
        for (const auto length : lengths) file += encode(tone(length)).ogg_opus;
        return file;
    }
};
INSTANTIATE_TEST_SUITE_P(All, EncodedVoices, testing::Values(local_codec()),
                         [](const auto& param) { return param.param.name; });

/// What each seam may add: the end of a packet of 20 ms and the pre-skip.
constexpr double seam_ms = 35;

std::size_t occurrences(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
    return count;
}

Sound silence(Duration length) {
    Sound sound;
    sound.samples.resize(static_cast<std::size_t>(length.count() * 16));
    return sound;
}

TEST_P(EncodedVoices, AreMeasuredAsTheyArePlayed) {
    for (const auto length : {1ms, 20ms, 100ms, 999ms, 2500ms, 61'000ms}) {
        const auto file = encode(tone(length)).ogg_opus;
        const auto voice = found(file);
        EXPECT_EQ(voice.voice.duration, length);
        EXPECT_EQ(voice.voice.ogg_opus, file);
    }
}

TEST_P(EncodedVoices, OfOtherEncodersAreMeasuredToo) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"-c:a", "libopus", "-f", "ogg"},
             {"-c:a", "libopus", "-frame_duration", "60", "-f", "ogg"},
             {"-c:a", "libopus", "-frame_duration", "2.5", "-application", "lowdelay", "-f", "ogg"},
             {"-c:a", "libopus", "-ac", "2", "-b:a", "192k", "-f", "ogg"}}) {
        const auto file = converted(wav(tone(3s)), arguments);
        EXPECT_NEAR(static_cast<double>(found(file).voice.duration.count()), 3'000, 3)
            << arguments[3];
    }
}

TEST_P(EncodedVoices, SoundIsHeardWhereverItIs) {
    EXPECT_FALSE(found(encode(tone(100ms)).ogg_opus).silent);
    auto late = silence(20s);
    const auto end = tone(300ms);
    late.samples.insert(late.samples.end(), end.samples.begin(), end.samples.end());
    EXPECT_FALSE(found(encode(late).ogg_opus).silent);
}

TEST_P(EncodedVoices, SilenceIsFound) {
    EXPECT_TRUE(found(encode(silence(5s)).ogg_opus).silent);
    EXPECT_TRUE(found(encode(silence(1ms)).ogg_opus).silent);
    auto faint = tone(2s);
    for (auto& sample : faint.samples) sample = static_cast<std::int16_t>(sample / 1000);
    EXPECT_TRUE(found(encode(faint).ogg_opus).silent);
}

TEST_P(EncodedVoices, WhatIsNotOneIntactOggOpusIsDamaged) {
    const auto file = encode(tone(2s)).ogg_opus;
    EXPECT_TRUE(is_damaged(""));
    EXPECT_TRUE(is_damaged("OggS"));
    EXPECT_TRUE(is_damaged(wav(tone(1s))));
    EXPECT_TRUE(is_damaged(converted(wav(tone(1s)), {"-c:a", "libvorbis", "-f", "ogg"})));
    EXPECT_TRUE(is_damaged(file + "x"));
    EXPECT_TRUE(is_damaged("x" + file));
    for (std::size_t cut = 1; cut < 200; ++cut) EXPECT_TRUE(is_damaged(file.substr(0, cut))) << cut;
    EXPECT_TRUE(is_damaged(file.substr(0, file.size() - 1)));
}

TEST_P(EncodedVoices, EveryFlippedBitIsNoticed) {
    const auto file = encode(tone(300ms)).ogg_opus;
    for (std::size_t at = 0; at < file.size(); ++at) {
        auto broken = file;
        broken[at] = static_cast<char>(broken[at] ^ (1 << (at % 8)));
        EXPECT_TRUE(is_damaged(broken)) << at;
    }
}

TEST_P(EncodedVoices, JoinedTheyPlayOneAfterTheOther) {
    const std::vector<Duration> lengths{1'234ms, 700ms, 3'021ms, 40ms};
    std::vector<std::string> files;
    double sum = 0;
    for (const auto length : lengths) {
        files.push_back(encode(tone(length)).ogg_opus);
        sum += static_cast<double>(length.count());
    }
    const auto voice = joined(files);
    EXPECT_EQ(occurrences(voice.ogg_opus, "OpusHead"), 1U);
    EXPECT_EQ(occurrences(voice.ogg_opus, "OpusTags"), 1U);
    const auto heard = sound_of(voice.ogg_opus);
    EXPECT_EQ(heard.duration(), voice.duration);
    EXPECT_GE(static_cast<double>(heard.duration().count()), sum);
    EXPECT_LE(static_cast<double>(heard.duration().count()), sum + 3 * seam_ms);
    EXPECT_NEAR(pitch(heard), 440, 5);
    EXPECT_EQ(found(voice.ogg_opus).voice.duration, voice.duration);
}

TEST_P(EncodedVoices, JoinedTheySoundLikeEachOfThem) {
    const auto heard =
        sound_of(joined({encode(tone(1s, 300)).ogg_opus, encode(tone(1s, 900)).ogg_opus}).ogg_opus);
    const auto half = static_cast<std::ptrdiff_t>(heard.samples.size() / 2);
    const Sound first{16'000, {heard.samples.begin(), heard.samples.begin() + half}};
    const Sound second{16'000, {heard.samples.begin() + half, heard.samples.end()}};
    EXPECT_NEAR(pitch(first), 300, 5);
    EXPECT_NEAR(pitch(second), 900, 15);
}

TEST_P(EncodedVoices, TheJoinedFileIsReadByFfmpegWithoutAComplaint) {
    std::vector<std::string> files;
    for (int i = 0; i < 12; ++i) files.push_back(encode(tone(2'345ms)).ogg_opus);
    const auto voice = joined(files);
    const auto pcm = converted(voice.ogg_opus, {"-ac", "1", "-ar", "16000", "-f", "s16le"},
                               {"-xerror", "-f", "ogg"});
    EXPECT_NEAR(static_cast<double>(pcm.size()) / 32, static_cast<double>(voice.duration.count()),
                2);
}

TEST_P(EncodedVoices, OneVoiceJoinedPlaysAsBefore) {
    const auto voice = joined({encode(tone(1'777ms)).ogg_opus});
    EXPECT_EQ(voice.duration, 1'777ms);
    EXPECT_EQ(sound_of(voice.ogg_opus).duration(), 1'777ms);
}

TEST_P(EncodedVoices, MonoAndStereoAreJoined) {
    const auto stereo = converted(wav(tone(1s)), {"-c:a", "libopus", "-ac", "2", "-f", "ogg"});
    const auto heard = sound_of(joined({encode(tone(1s)).ogg_opus, stereo}).ogg_opus);
    EXPECT_NEAR(static_cast<double>(heard.duration().count()), 2'000, seam_ms);
    EXPECT_NEAR(pitch(heard), 440, 10);
}

TEST_P(EncodedVoices, StreamsInARowComeBackAsOne) {
    const auto voice = found(chained({1s, 2s}));
    EXPECT_EQ(occurrences(voice.voice.ogg_opus, "OpusHead"), 1U);
    EXPECT_NEAR(static_cast<double>(sound_of(voice.voice.ogg_opus).duration().count()), 3'000,
                seam_ms);
    EXPECT_FALSE(voice.silent);
}

TEST_P(EncodedVoices, NothingCannotBeJoinedAndNeitherCanDamage) {
    for (const auto& files : std::vector<std::vector<std::string>>{
             {}, {""}, {encode(tone(1s)).ogg_opus, "OggS"}, {encode(tone(1s)).ogg_opus, ""}}) {
        const auto voice = run(loop, codec->join(files));
        EXPECT_TRUE(std::holds_alternative<UnusableAudio>(voice));
    }
}

TEST_P(EncodedVoices, ARecordingIsHandedOnAsItCameOnlyIfItIsOneMonoStream) {
    const auto as_it_came = [&](const std::string& file) {
        auto decoded = decode(file);
        return std::get<DecodedAudio>(std::move(decoded)).ogg_opus;
    };
    const auto mono = encode(tone(2s)).ogg_opus;
    EXPECT_EQ(as_it_came(mono), mono);
    EXPECT_EQ(as_it_came(converted(wav(tone(1s)), {"-c:a", "libopus", "-ac", "2", "-f", "ogg"})),
              "");
    EXPECT_EQ(as_it_came(mono + mono), "");
    EXPECT_EQ(as_it_came(mono + "trailing bytes"), "");
    EXPECT_EQ(as_it_came(wav(tone(1s))), "");
}

}  // namespace
}  // namespace mlbilling::test
