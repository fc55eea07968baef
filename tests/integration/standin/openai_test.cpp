// What the stand-in says and refuses as an OpenAI-compatible server.
#include <gmock/gmock.h>

#include "integration/standin/standin_fixture.hpp"
#include "standin/ogg.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class StandinOpenAi : public StandinTest {
  protected:
    HttpAnswer say(const json::object& changes, const std::string& key = "standin-openai-key") {
        json::object request{{"model", "tts-1"},
                             {"input", "Hello, world"},
                             {"voice", "alloy"},
                             {"response_format", "opus"}};
        for (const auto& change : changes) request[change.key()] = change.value();
        auto call = call_of(HttpMethod::post, "/v1/audio/speech", json::serialize(request));
        call.headers[0].second = "Bearer " + key;
        return perform(std::move(call));
    }
    HttpAnswer transcribe(std::string audio, std::vector<HttpPart> fields,
                          std::string name = "voice.ogg") {
        auto call = call_of(HttpMethod::post, "/v1/audio/transcriptions");
        call.headers = {{"Authorization", "Bearer standin-openai-key"}};
        call.parts = std::move(fields);
        call.parts.push_back({"file", std::move(audio), std::move(name), "audio/ogg"});
        return perform(std::move(call));
    }
};

TEST_F(StandinOpenAi, SpeaksInTheAskedFormat) {
    const auto opus = say({});
    EXPECT_EQ(opus.status, 200) << opus.body;
    EXPECT_EQ(standin::read_ogg_opus(opus.body)->duration, Duration(720));
    EXPECT_TRUE(say({{"response_format", "wav"}}).body.starts_with("RIFF"));
    EXPECT_EQ(say({{"response_format", "flac"}}).status, 400);
    control("settings", {{"openai_formats", {"wav"}}});
    const auto refused = say({});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(json::parse(refused.body).at_pointer("/error/param").as_string(), "response_format");
}

TEST_F(StandinOpenAi, RefusesWhatOpenAiRefuses) {
    EXPECT_EQ(say({}, "other").status, 401);
    EXPECT_EQ(say({{"model", "tts-9"}}).status, 404);
    EXPECT_EQ(say({{"voice", "marina"}}).status, 400);
    EXPECT_EQ(say({{"input", ""}}).status, 400);
    EXPECT_EQ(say({{"input", std::string(4'097, 'a')}}).status, 400);
    EXPECT_EQ(say({{"speed", 0.2}}).status, 400);
    EXPECT_EQ(say({{"language", "ru"}}).status, 400);
}

TEST_F(StandinOpenAi, TranscribesAForm) {
    const auto answer =
        transcribe(ogg(2'500), {{"model", "whisper-1", "", ""}, {"language", "ru", "", ""}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("Запись 2500 миллисекунд"));
    EXPECT_EQ(transcribe(ogg(2'500, true), {{"model", "whisper-1", "", ""}}).body,
              R"({"text":""})");
}

TEST_F(StandinOpenAi, RefusesFormsThatAreNotRight) {
    const HttpPart model{"model", "whisper-1", "", ""};
    EXPECT_EQ(transcribe(ogg(500), {}).status, 404);
    EXPECT_EQ(transcribe(ogg(500), {model, model}).status, 400);
    EXPECT_EQ(transcribe(ogg(500), {model, {"language", "ru-RU", "", ""}}).status, 400);
    EXPECT_EQ(transcribe(ogg(500), {model, {"lang", "ru", "", ""}}).status, 400);
    EXPECT_EQ(transcribe(ogg(500), {model}, "voice.txt").status, 400);
    EXPECT_EQ(transcribe("noise", {model}).status, 400);
    EXPECT_THAT(transcribe(ogg(60), {model}).body, HasSubstr("audio_too_short"));
}

}  // namespace
}  // namespace mlbilling::test
