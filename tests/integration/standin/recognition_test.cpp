// What the stand-in hears and refuses as SpeechKit's recognition.
#include <gmock/gmock.h>

#include "integration/standin/standin_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class StandinRecognition : public StandinTest {
  protected:
    HttpAnswer recognise(const std::string& audio, const std::string& query = "lang=ru-RU") {
        return post("/speech/v1/stt:recognize?" + query, audio);
    }
    static json::object submission(const std::string& audio) {
        return {{"content", standin::base64(audio)},
                {"recognitionModel",
                 {{"model", "general"},
                  {"audioFormat", {{"containerAudio", {{"containerAudioType", "OGG_OPUS"}}}}},
                  {"textNormalization",
                   {{"textNormalization", "TEXT_NORMALIZATION_ENABLED"}, {"literatureText", true}}},
                  {"languageRestriction",
                   {{"restrictionType", "WHITELIST"}, {"languageCode", {"ru-RU"}}}}}}};
    }
    HttpAnswer submit(const json::object& request) {
        return post("/stt/v3/recognizeFileAsync", json::serialize(request));
    }
    std::string submitted(const std::string& audio) {
        const auto answer = submit(submission(audio));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return std::string(json::parse(answer.body).at("id").as_string());
    }
    json::value poll(const std::string& id) {
        const auto answer = get("/operations/" + id);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return json::parse(answer.body);
    }
    std::string finished(const std::string& id) {
        while (!poll(id).at("done").as_bool()) {
        }
        return get("/stt/v3/getRecognition?operation_id=" + id).body;
    }
};

TEST_F(StandinRecognition, AnswersWordsThatFollowFromTheAudio) {
    const auto answer = recognise(ogg(7'400));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("yacloud-billing-units"), "15");
    EXPECT_THAT(answer.body, HasSubstr("запись 7400 миллисекунд отпечаток "));
    EXPECT_NE(recognise(ogg(7'420)).body, answer.body);
    EXPECT_THAT(recognise(ogg(7'400), "lang=en-US").body, HasSubstr("7400 milliseconds"));
    EXPECT_EQ(recognise(ogg(20'000)).header("yacloud-billing-units"), "30");
}

TEST_F(StandinRecognition, HearsNothingInSilence) {
    EXPECT_EQ(recognise(ogg(2'000, true)).body, R"({"result":""})");
    control("faults", {{"endpoint", "recognition_v1"}, {"kind", "silence"}});
    EXPECT_EQ(recognise(ogg(2'000)).body, R"({"result":""})");
}

TEST_F(StandinRecognition, RefusesAsVersionOneDoes) {
    const auto refusal = [&](const std::string& audio, const std::string& query) {
        const auto answer = recognise(audio, query);
        EXPECT_EQ(answer.status, 400) << query;
        return message_in(answer);
    };
    EXPECT_EQ(refusal("", ""), "audio should be not empty");
    EXPECT_EQ(refusal("RIFF----WAVE", ""), "ogg header has not been found");
    EXPECT_EQ(refusal("OggS and no Opus", ""), "audio duration should be less than 30s");
    EXPECT_EQ(refusal(ogg(30'000), ""), "audio duration should be less than 30s");
    EXPECT_THAT(refusal(std::string(1'000'001, 'x'), ""), HasSubstr("1 MB"));
    EXPECT_THAT(refusal(ogg(500), "lang=xx-XX"), HasSubstr("language"));
    EXPECT_THAT(refusal(ogg(500), "format=mp3"), HasSubstr("format"));
    EXPECT_THAT(refusal(ogg(500), "punctuation=1"), HasSubstr("unknown parameter"));
}

TEST_F(StandinRecognition, AnOperationIsDoneAfterSomePolls) {
    const auto id = submitted(ogg(40'000));
    EXPECT_EQ(get("/stt/v3/getRecognition?operation_id=" + id).status, 404);
    EXPECT_FALSE(poll(id).at("done").as_bool());
    EXPECT_FALSE(poll(id).at("done").as_bool());
    EXPECT_TRUE(poll(id).at("done").as_bool());
    const auto stream = get("/stt/v3/getRecognition?operationId=" + id).body;
    EXPECT_THAT(stream, HasSubstr("\"final\":"));
    EXPECT_THAT(stream, HasSubstr("Запись 40000 миллисекунд"));
    EXPECT_THAT(stream, HasSubstr("Часть 3."));
    EXPECT_THAT(stream, HasSubstr(R"("finalTimeMs":"40000")"));
    EXPECT_THAT(stream, HasSubstr("eouUpdate"));
}

TEST_F(StandinRecognition, ResultsAreForgottenWhenRemovedOrAfterThreeDays) {
    const auto removed = submitted(ogg(1'000));
    const auto expired = submitted(ogg(1'000));
    EXPECT_THAT(finished(removed), HasSubstr("1000"));
    EXPECT_EQ(
        perform(call_of(HttpMethod::remove, "/stt/v3/deleteRecognition?operationId=" + removed))
            .body,
        "{}");
    EXPECT_EQ(get("/operations/" + removed).status, 404);
    EXPECT_THAT(finished(expired), HasSubstr("1000"));
    clock.advance(std::chrono::hours(72));
    const auto answer = get("/operations/" + expired);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(json::parse(answer.body).at("code").as_int64(), 5);
}

TEST_F(StandinRecognition, AnOperationCanFailOrBeCancelled) {
    control("faults", {{"endpoint", "recognition_v3"}, {"kind", "failed_operation"}});
    const auto failed = submitted(ogg(1'000));
    for (int i = 0; i < 2; ++i) poll(failed);
    EXPECT_EQ(poll(failed).at_pointer("/error/code").as_int64(), 13);
    const auto cancelled = submitted(ogg(1'000));
    EXPECT_EQ(poll(cancelled + ":cancel").at_pointer("/error/code").as_int64(), 1);
}

TEST_F(StandinRecognition, RefusesWhatIsNotAsItClaims) {
    const auto refusal = [&](json::object request) {
        const auto answer = submit(request);
        EXPECT_EQ(answer.status, 400);
        return message_in(answer);
    };
    auto wav = submission(ogg(1'000));
    wav["recognitionModel"].at("audioFormat").at("containerAudio").at("containerAudioType") = "WAV";
    EXPECT_THAT(refusal(wav), HasSubstr("format"));
    auto both = submission(ogg(1'000));
    both["uri"] = "https://storage.yandexcloud.net/a";
    EXPECT_THAT(refusal(both), HasSubstr("oneof"));
    auto literature = submission(ogg(1'000));
    literature["recognitionModel"].at("textNormalization").as_object().erase("textNormalization");
    EXPECT_THAT(refusal(literature), HasSubstr("normalization"));
    EXPECT_THAT(refusal(submission("")), HasSubstr("content"));
    auto large = submission("");
    large["content"] = std::string(60'000'000, 'A');
    EXPECT_THAT(refusal(large), HasSubstr("60 MB"));
}

TEST_F(StandinRecognition, WavAndRawSamplesAreHeardToo) {
    const standin::Tone tone{Duration(1'500), 2, false};
    auto request = submission(standin::Tones::wav(tone, 16'000));
    auto& format = request["recognitionModel"].at("audioFormat").as_object();
    format["containerAudio"] = {{"containerAudioType", "WAV"}};
    EXPECT_THAT(finished(std::string(json::parse(submit(request).body).at("id").as_string())),
                HasSubstr("1500"));
    request["content"] = standin::base64(standin::Tones::pcm(tone, 16'000));
    format.erase("containerAudio");
    format["raw_audio"] = {{"audio_encoding", "LINEAR16_PCM"},
                           {"sample_rate_hertz", "16000"},
                           {"audio_channel_count", 1}};
    EXPECT_THAT(finished(std::string(json::parse(submit(request).body).at("id").as_string())),
                HasSubstr("1500"));
}

}  // namespace
}  // namespace mlbilling::test
