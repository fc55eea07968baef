// What the stand-in says and refuses as SpeechKit's synthesis.
#include <gmock/gmock.h>

#include "adapters/audio/local_audio_codec.hpp"
#include "integration/standin/standin_fixture.hpp"
#include "standin/ogg.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

const json::value ogg_opus{{"containerAudio", {{"containerAudioType", "OGG_OPUS"}}}};

std::string letters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += i % 10 == 9 ? " " : "щ";
    return text;
}

class StandinSynthesis : public StandinTest {
  protected:
    HttpAnswer form(const std::string& body) {
        auto call = call_of(HttpMethod::post, "/speech/v1/tts:synthesize", body);
        call.headers[1].second = "application/x-www-form-urlencoded";
        return perform(std::move(call));
    }
};

TEST_F(StandinSynthesis, IsARealOggWhoseLengthFollowsTheText) {
    const auto answer = speak({{"text", letters(100)}, {"outputAudioSpec", ogg_opus}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    child_process::ChildProcesses children{1};
    audio::LocalAudioCodec codec(children, {});
    auto decoded = run(loop, codec.decode(audio_in(answer), Duration(60'000)));
    ASSERT_TRUE(std::holds_alternative<DecodedAudio>(decoded));
    const auto& sound = std::get<DecodedAudio>(decoded).sound;
    EXPECT_EQ(sound.duration(), Duration(6'000));
    EXPECT_GT(std::ranges::max(sound.samples()), 5'000);
}

TEST_F(StandinSynthesis, SpeedAndPausesChangeTheLengthAndStressMarksDoNot) {
    const auto length = [&](const std::string& text, double speed) {
        const json::array hints{json::object{{"speed", speed}}};
        const auto answer =
            speak({{"text", text}, {"hints", hints}, {"outputAudioSpec", ogg_opus}});
        return standin::read_ogg_opus(audio_in(answer))->duration;
    };
    EXPECT_EQ(length(letters(100), 2.0), Duration(3'000));
    EXPECT_EQ(length(letters(100) + "++", 1.0), Duration(6'000));
    EXPECT_EQ(length(letters(100) + "sil<[700]>", 1.0), Duration(6'700));
}

TEST_F(StandinSynthesis, RefusesWhatAStrictReaderOfTheMessageRefuses) {
    const auto refusal = [&](const std::string& body) {
        const auto answer = post("/tts/v3/utteranceSynthesis", body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(json::parse(answer.body).at_pointer("/error/grpcCode").as_int64(), 3);
        return message_in(answer);
    };
    EXPECT_THAT(refusal(R"({"text":"a","text":"b"})"), HasSubstr("duplicate"));
    EXPECT_THAT(refusal(R"({"text":"a","hints":[{"voice":"marina","role":"friendly"}]})"),
                HasSubstr("oneof"));
    EXPECT_THAT(refusal(R"({"text":"a","unsafeMode":true,"unsafe_mode":true})"),
                HasSubstr("duplicate"));
    EXPECT_THAT(refusal(R"({"text":"a","containerSpec":{}})"), HasSubstr("unknown field"));
    EXPECT_THAT(refusal(R"({"text":"a","outputAudioSpec":{"containerAudio":)"
                        R"({"containerAudioType":"OGG"}}})"),
                HasSubstr("containerAudioType"));
    EXPECT_THAT(refusal(R"({"text":"a","unsafeMode":"true"})"), HasSubstr("boolean"));
    EXPECT_THAT(refusal("{\"text\":\"a\"} x"), HasSubstr("JSON"));
    EXPECT_THAT(refusal("[]"), HasSubstr("object"));
}

TEST_F(StandinSynthesis, RefusesWrongVoicesRolesAndRanges) {
    const auto refusal = [&](const json::value& hint) {
        const auto answer = speak({{"text", "a"}, {"hints", json::array{hint}}});
        EXPECT_EQ(answer.status, 400) << json::serialize(hint);
        return message_in(answer);
    };
    EXPECT_THAT(refusal({{"voice", "nobody"}}), HasSubstr("nobody"));
    EXPECT_THAT(refusal({{"role", "evil"}}), HasSubstr("role"));
    EXPECT_THAT(refusal({{"speed", 5}}), HasSubstr("speed"));
    EXPECT_THAT(refusal({{"volume", 3}}), HasSubstr("volume"));
    EXPECT_THAT(refusal({{"pitchShift", 2'000}}), HasSubstr("pitchShift"));
}

TEST_F(StandinSynthesis, LongTextsNeedUnsafeModeAndComeInChainedPieces) {
    EXPECT_EQ(speak({{"text", letters(250)}}).status, 200);
    EXPECT_EQ(speak({{"text", letters(251)}}).status, 400);
    EXPECT_EQ(speak({{"text", letters(5'001)}, {"unsafeMode", true}}).status, 400);
    const json::array slow{json::object{{"speed", 0.5}}};
    EXPECT_THAT(message_in(speak({{"text", letters(250)}, {"hints", slow}})),
                HasSubstr("24 seconds"));
    const json::value request{
        {"text", letters(600)}, {"unsafeMode", true}, {"outputAudioSpec", ogg_opus}};
    const auto streams = [](const std::string& audio) {
        std::size_t count = 0;
        for (auto at = audio.find("OpusHead"); at != std::string::npos;
             at = audio.find("OpusHead", at + 1))
            ++count;
        return count;
    };
    EXPECT_EQ(streams(audio_in(speak(request))), 3U);
    control("settings", {{"chained_pieces", false}});
    EXPECT_EQ(streams(audio_in(speak(request))), 1U);
}

TEST_F(StandinSynthesis, VersionOneTakesAFormAndNamesItsUnits) {
    const auto answer = form("text=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82&lang=ru-RU&voice=filipp");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "audio/ogg");
    EXPECT_EQ(answer.header("yacloud-billing-units"), "6");
    EXPECT_NE(answer.header("x-request-id"), "");
    EXPECT_NE(answer.header("x-server-trace-id"), "");
    EXPECT_EQ(standin::read_ogg_opus(answer.body)->duration, Duration(360));
}

TEST_F(StandinSynthesis, VersionOneRefusesInItsOwnShape) {
    const auto refusal = [&](const HttpAnswer& answer) {
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(json::parse(answer.body).at("error_code").as_string(), "BAD_REQUEST");
        return message_in(answer);
    };
    EXPECT_EQ(refusal(post("/speech/v1/tts:synthesize", R"({"text":"a"})")),
              "unsupported content-type: application/json");
    EXPECT_THAT(refusal(form("text=a&ssml=b")), HasSubstr("exactly one"));
    EXPECT_THAT(refusal(form("text=a&voice=dasha")), HasSubstr("Unsupported voice"));
    EXPECT_THAT(refusal(form("text=a&voice=filipp&lang=en-US")), HasSubstr("applicable for"));
    EXPECT_THAT(refusal(form("text=a&emotion=evil")), HasSubstr("emotion"));
    EXPECT_THAT(refusal(form("text=a&speed=3.1")), HasSubstr("speed"));
    EXPECT_THAT(refusal(form("text=a&pitch=1")), HasSubstr("unknown parameter"));
    EXPECT_THAT(refusal(form("text=" + std::string(15'000, 'a'))), HasSubstr("too large"));
    EXPECT_THAT(refusal(form("text=" + std::string(5'001, 'a'))), HasSubstr("too long"));
}

}  // namespace
}  // namespace mlbilling::test
