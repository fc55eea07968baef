// A recording is measured without being decoded where that can be, and nobody's recordings keep
// those of others waiting.
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "adapters/audio/local_audio_codec.hpp"
#include "base/unavailable.hpp"
#include "contract/audio/ogg_pages.hpp"
#include "contract/audio/recordings.hpp"
#include "support/run.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using audio::Pages;
using audio::voice_of;
using Examined = std::variant<Recording, UnusableRecording>;

class ExaminedRecording : public testing::Test {
  protected:
    Examined examine(const std::string& bytes, Duration longest = 4h) {
        return run(loop, codec().examine({bytes, longest, "1", {}}));
    }
    Recording recording(const std::string& bytes) { return std::get<Recording>(examine(bytes)); }
    bool is_silent(const std::string& bytes) {
        return run(loop, recording(bytes).sound.is_silent());
    }
    Sound sound(const std::string& bytes) {
        return run(loop, recording(bytes).sound.samples()).copy();
    }
    /// Leaves memory for next to no sound: whoever decodes more than is listened to fails.
    void leave_no_room_for_sound() {
        options.short_sounds = std::size_t{305} * 32'000;
        options.longest_wait = 1ms;
        const auto file = silence("290", "60");
        filling = std::get<DecodedAudio>(run(loop, codec().decode(file, 300s)));
        ASSERT_EQ(filling.sound.duration(), 290s);
    }
    static std::string silence(const std::string& seconds, const std::string& frame) {
        return converted(
            wav(tone(100ms)),
            {"-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=" + seconds, "-map", "1:a", "-c:a",
             "libopus", "-b:a", "500", "-frame_duration", frame, "-f", "ogg"});
    }
    audio::LocalAudioCodec& codec() {
        if (!codec_) codec_ = std::make_unique<audio::LocalAudioCodec>(children, options);
        return *codec_;
    }
    static std::string of_tone(Sound tone, std::vector<std::string> more,
                               std::vector<std::string> how = {"-c:a", "libopus", "-f", "ogg"}) {
        more.insert(more.end(), how.begin(), how.end());
        return converted(wav(tone), more);
    }

    asio::io_context loop;
    child_process::ChildProcesses children{2};
    audio::LocalAudioCodec::Options options;
    DecodedAudio filling;

  private:
    std::unique_ptr<audio::LocalAudioCodec> codec_;
};

TEST_F(ExaminedRecording, APlainVoiceIsMeasuredAndListenedToWithoutASampleBeingKept) {
    leave_no_room_for_sound();
    const auto voice = voice_of(12'345ms);
    const auto found = recording(voice);
    EXPECT_EQ(found.sound.duration(), 12'345ms);
    EXPECT_EQ(found.ogg_opus, voice);
    EXPECT_FALSE(run(loop, found.sound.is_silent()));
    EXPECT_THROW(run(loop, found.sound.samples()), Unavailable);
}

TEST_F(ExaminedRecording, ItsSamplesAreThereForWhoNeedsThem) {
    const auto samples = sound(voice_of(2s));
    EXPECT_EQ(samples.sample_rate, 16'000);
    EXPECT_EQ(samples.duration(), 2s);
    EXPECT_NEAR(pitch(samples), 440, 2);
}

TEST_F(ExaminedRecording, HoursOfNothingAreRefusedUndecoded) {
    leave_no_room_for_sound();
    const auto hour = silence("3600", "60");
    const auto found = examine(hour, 40s);
    ASSERT_TRUE(std::holds_alternative<UnusableRecording>(found));
    EXPECT_EQ(std::get<UnusableRecording>(found).why, UnusableAudio::too_long);
    EXPECT_EQ(recording(hour).sound.duration(), 3'600s);
}

TEST_F(ExaminedRecording, WhatMustBeDecodedIsDecodedNoFurtherThanItIsWorth) {
    const auto torn = voice_of(20s) + "torn";
    int asked = 0;
    const auto worth = [&](Duration span) -> std::function<Async<Duration>()> {
        return [&asked, span]() -> Async<Duration> {
            ++asked;
            return [](Duration kept) -> Async<Duration> { co_return kept; }(span);
        };
    };
    const auto found = run(loop, codec().examine({torn, 4h, "1", worth(10s)}));
    ASSERT_TRUE(std::holds_alternative<UnusableRecording>(found));
    EXPECT_EQ(std::get<UnusableRecording>(found).why, UnusableAudio::too_long);
    EXPECT_EQ(std::get<UnusableRecording>(found).limit, 10s);
    const auto enough = run(loop, codec().examine({torn, 4h, "1", worth(20s)}));
    EXPECT_EQ(std::get<Recording>(enough).sound.duration(), 20s);
    EXPECT_EQ(asked, 2);
    // What is measured by walking needs no such limit.
    const auto plain = run(loop, codec().examine({voice_of(20s), 4h, "1", worth(10s)}));
    EXPECT_EQ(std::get<Recording>(plain).sound.duration(), 20s);
    EXPECT_EQ(asked, 2);
}

TEST_F(ExaminedRecording, NothingThatCanBeHeardIsTakenForSilence) {
    EXPECT_TRUE(is_silent(of_tone(tone(2s), {"-af", "volume=0"})));
    EXPECT_FALSE(is_silent(voice_of(100ms)));
    // Above what the cheap decoder gives.
    EXPECT_FALSE(is_silent(of_tone(tone(2s, 6'000), {})));
    // At the very end.
    EXPECT_FALSE(is_silent(of_tone(tone(300ms), {"-af", "adelay=20000"})));
}

TEST_F(ExaminedRecording, WhatItsHeaderTurnsDownToNothingIsSilent) {
    Pages pages(voice_of(2s));
    // -128 dB.
    pages.bodies[0][16] = '\0';
    pages.bodies[0][17] = '\x80';
    EXPECT_TRUE(is_silent(pages.file()));
}

TEST_F(ExaminedRecording, OneInvertedChannelDoesNotSilenceTheOther) {
    const auto inverted = of_tone(tone(2s), {"-af", "pan=stereo|c0=c0|c1=-1*c0"},
                                  {"-c:a", "libopus", "-b:a", "128k", "-f", "ogg"});
    // Walked, and read by libopusfile.
    for (const auto& file : {inverted, inverted + "torn"}) {
        EXPECT_FALSE(is_silent(file));
        EXPECT_NEAR(pitch(sound(file)), 440, 5);
        EXPECT_GT(loudness(sound(file)), 8'000);
    }
}

TEST_F(ExaminedRecording, TwoChannelsAreNotHandedOnAsTheyCame) {
    const auto stereo = of_tone(tone(2s), {"-ac", "2"});
    EXPECT_EQ(recording(stereo).ogg_opus, "");
    EXPECT_FALSE(is_silent(stereo));
    EXPECT_NEAR(pitch(sound(stereo)), 440, 5);
}

TEST_F(ExaminedRecording, WhatIsNoRecordingIsSaid) {
    for (const auto& [bytes, why] :
         {std::pair(std::string("Hello, this is a text"), UnusableAudio::not_audio),
          std::pair(voice_of(3s).substr(0, 100), UnusableAudio::damaged)}) {
        const auto found = examine(bytes);
        ASSERT_TRUE(std::holds_alternative<UnusableRecording>(found));
        EXPECT_EQ(std::get<UnusableRecording>(found).why, why);
    }
}

TEST_F(ExaminedRecording, EncodingDoesNotWaitBehindDecoding) {
    options.threads = 1;
    // Joined, since encoding takes its time.
    const auto long_one = std::get<EncodedVoice>(
        run(loop, codec().join(std::vector<std::string>(10, voice_of(10s)))));
    std::vector<std::string> order;
    const auto note = [&](std::string what) {
        return [&order, what](std::exception_ptr error, const auto&) {
            order.push_back(error ? "failed" : what);
        };
    };
    loop.restart();
    asio::co_spawn(loop, codec().decode(long_one.ogg_opus, 4h), note("decoded"));
    asio::co_spawn(loop, codec().encode(tone(20ms)), note("encoded"));
    loop.run();
    EXPECT_THAT(order, testing::ElementsAre("encoded", "decoded"));
}

}  // namespace
}  // namespace mlbilling::test
