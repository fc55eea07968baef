// What SpeechKit answers, good, bad and hostile.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/synthesis.hpp"
#include "adapters/yandex/transcript.hpp"

namespace mlbilling::yandex {
namespace {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;
using testing::HasSubstr;
using testing::Not;

HttpAnswer answered(int status, std::string body, HttpHeaders headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

TEST(Failures, AreWhatTheStatusSays) {
    for (const auto& [status, kind] : std::vector<std::pair<int, Kind>>{{400, Kind::refused},
                                                                        {413, Kind::refused},
                                                                        {401, Kind::misconfigured},
                                                                        {403, Kind::misconfigured},
                                                                        {404, Kind::misconfigured},
                                                                        {501, Kind::misconfigured},
                                                                        {302, Kind::misconfigured},
                                                                        {429, Kind::busy},
                                                                        {408, Kind::busy},
                                                                        {500, Kind::down},
                                                                        {502, Kind::down},
                                                                        {503, Kind::down},
                                                                        {504, Kind::down}})
        EXPECT_EQ(failure_of(answered(status, "")).kind, kind) << status;
}

TEST(Failures, OfAllThreeShapesAreRead) {
    EXPECT_THAT(failure_of(answered(400, R"({"error_code":"BAD_REQUEST",
                    "error_message":"audio duration should be less than 30s"})"))
                    .detail,
                HasSubstr("BAD_REQUEST: audio duration should be less than 30s"));
    EXPECT_THAT(failure_of(answered(403, R"({"error":{"grpcCode":7,"httpCode":403,
                    "message":"Permission denied","httpStatus":"Forbidden","details":[]}})"))
                    .detail,
                HasSubstr("HTTP 403: Permission denied"));
    EXPECT_THAT(
        failure_of(answered(401, R"({"code":16,"message":"Key 'x' was not found"})")).detail,
        HasSubstr("Key 'x' was not found"));
}

TEST(Failures, NameTheIdsThatSupportAsksForAndNoMoreThanALineOfText) {
    const auto failure =
        failure_of(answered(500, R"({"message":")" + std::string(5'000, 'm') + R"(\nline"})",
                            {{"x-request-id", "req-1"}, {"x-server-trace-id", "trace-2"}}));
    EXPECT_THAT(failure.detail, HasSubstr("x-request-id req-1"));
    EXPECT_THAT(failure.detail, HasSubstr("x-server-trace-id trace-2"));
    EXPECT_LT(failure.detail.size(), 500U);
    EXPECT_THAT(failure.detail, Not(HasSubstr("\n")));
}

TEST(Failures, InMidStreamAreWhatTheirCodeSays) {
    for (const auto& [code, kind] : std::vector<std::pair<int, Kind>>{{3, Kind::refused},
                                                                      {7, Kind::misconfigured},
                                                                      {16, Kind::misconfigured},
                                                                      {8, Kind::busy},
                                                                      {4, Kind::down},
                                                                      {13, Kind::down},
                                                                      {14, Kind::down}}) {
        const auto message = *parse_object(R"({"error":{"grpcCode":)" + std::to_string(code) +
                                           R"(,"httpCode":400,"message":"m"}})");
        const auto failure = failure_in(message);
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->kind, kind) << code;
        EXPECT_THAT(failure->detail, HasSubstr("m"));
    }
    EXPECT_EQ(failure_in(*parse_object(R"({"error":{"httpCode":429}})"))->kind, Kind::busy);
    EXPECT_EQ(failure_in(*parse_object(R"({"error":{}})"))->kind, Kind::down);
    EXPECT_FALSE(failure_in(*parse_object(R"({"result":{}})")));
}

std::string audio_of(std::string_view body) {
    auto audio = audio_in_stream(body);
    return std::holds_alternative<std::string>(audio)
               ? std::get<std::string>(audio)
               : "failure: " + std::get<ProviderFailure>(audio).detail;
}

TEST(AudioStream, ItsChunksAreOneFile) {
    const std::string first = R"({"result":{"audioChunk":{"data":"Zm9v"}}})";
    const std::string second =
        R"({"result":{"audioChunk":{"data":"YmFy"},"textChunk":{"text":"t"},"startMs":"0"}})";
    for (const std::string between : {"\n", "", "\r\n\r\n", ",\n "})
        EXPECT_EQ(audio_of(first + between + second + between), "foobar");
}

TEST(AudioStream, ThatEndsInAnErrorIsAFailureThoughItBeganWell) {
    const auto audio = audio_in_stream(R"({"result":{"audioChunk":{"data":"Zm9v"}}}
        {"error":{"grpcCode":8,"httpCode":429,"message":"quota","httpStatus":"","details":[]}})");
    ASSERT_TRUE(std::holds_alternative<ProviderFailure>(audio));
    EXPECT_EQ(std::get<ProviderFailure>(audio).kind, Kind::busy);
}

TEST(AudioStream, WithoutAudioOrBrokenOffIsAFailure) {
    for (const std::string body :
         {"", "\n", R"({"result":{}})", R"({"result":{"audioChunk":{"data":""}}})",
          R"({"result":{"audioChunk":{"data":"Zm9v"}}}{"result":{"audioCh)",
          R"({"result":{"audioChunk":{"data":"Zm9v"}}} <html>)", "[]", "null",
          R"({"result":{"audioChunk":{"data":"Zm9"}}})"}) {
        const auto audio = audio_in_stream(body);
        ASSERT_TRUE(std::holds_alternative<ProviderFailure>(audio)) << body;
        EXPECT_EQ(std::get<ProviderFailure>(audio).kind, Kind::down) << body;
    }
}

TEST(SynthesisBody, HasOneHintAnObjectAndNoMoreThanIsAsked) {
    const ChosenVoice jane = voice_for("jane-evil", "Привет", SynthesisApi::v3);
    EXPECT_EQ(json::parse(synthesis_body("Привет", jane, 150, true)), json::parse(R"({
        "text":"Привет",
        "hints":[{"voice":"jane"},{"role":"evil"},{"speed":1.5}],
        "outputAudioSpec":{"containerAudio":{"containerAudioType":"OGG_OPUS"}},
        "loudnessNormalizationType":"LUFS","unsafeMode":true})"));
    const ChosenVoice john = voice_for("john", "Hi", SynthesisApi::v3);
    const auto plain = json::parse(synthesis_body("Hi", john, 100, false)).as_object();
    EXPECT_EQ(plain.at("hints"), json::parse(R"([{"voice":"john"}])"));
    EXPECT_FALSE(plain.contains("unsafeMode"));
}

/// The sample of the documentation, shortened: int64 as strings, members that nobody needs.
std::string message(int index, const std::string& text, int start, const std::string& channel = "0",
                    bool refined = false) {
    const auto number = std::to_string(index);
    const auto alternatives = R"({"alternatives":[{"words":[],"text":")" + text +
                              R"(","startTimeMs":")" + std::to_string(start) +
                              R"(","confidence":0,"languages":[]}],"channelTag":")" + channel +
                              R"("})";
    const auto update = refined ? R"("finalRefinement":{"finalIndex":")" + number +
                                      R"(","normalizedText":)" + alternatives + "}"
                                : R"("final":)" + alternatives;
    return R"({"sessionUuid":{"uuid":"2"},"audioCursors":{"receivedDataMs":"7400","finalIndex":")" +
           number + R"("},)" + update + R"(,"channelTag":")" + channel + R"("})";
}

std::string assembled(const std::vector<std::string>& messages) {
    TranscriptAssembly assembly;
    for (const auto& text : messages) assembly.add(*parse_object(text));
    return assembly.text();
}

TEST(Transcript, HasTheRefinedTextInPlaceOfThePlainOne) {
    EXPECT_EQ(
        assembled({message(0, "я яндекс спичкит", 0), message(0, "Я Яндекс Спичкит.", 0, "0", true),
                   R"({"eouUpdate":{"timeMs":"7400"},"channelTag":"0"})"}),
        "Я Яндекс Спичкит.");
    EXPECT_EQ(assembled({message(0, "Уточнено.", 0, "0", true), message(0, "плоско", 0)}),
              "Уточнено.");
}

TEST(Transcript, IsInTheOrderOfSpeaking) {
    EXPECT_EQ(assembled({message(1, "два", 900), message(0, "раз", 0), message(2, "три", 1800)}),
              "раз два три");
    EXPECT_EQ(assembled({message(0, "алло", 0, "0"), message(0, "слушаю", 500, "1"),
                         message(1, "это я", 1000, "0")}),
              "алло слушаю это я");
}

TEST(Transcript, TakesNumbersForStringsAndIgnoresWhatItDoesNotKnow) {
    EXPECT_EQ(assembled({R"({"final":{"alternatives":[{"text":"b","startTimeMs":5}]},
                             "audioCursors":{"finalIndex":1},"novelty":[[[]]]})",
                         R"({"final":{"alternatives":[{"text":"a","startTimeMs":"1"}]},
                             "audioCursors":{"finalIndex":"0"}})"}),
              "a b");
    EXPECT_EQ(assembled({"{}", R"({"final":null})", R"({"final":{"alternatives":[]}})",
                         R"({"final":{"alternatives":{}}})", R"({"final":{"alternatives":[1]}})",
                         R"({"final":{"alternatives":[{"text":7}]}})",
                         R"({"finalRefinement":{"normalizedText":[]}})"}),
              "");
}

TEST(JsonStream, IsBoundedInDepth) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += R"({"a":)";
    EXPECT_FALSE(parse_object(deep));
    EXPECT_FALSE(parse_object(R"({"a":)" + std::string(100'000, '[')));
}

TEST(JsonStream, OneObjectIsOneObject) {
    EXPECT_TRUE(parse_object(" {} \n"));
    for (const auto* text : {"", "{} {}", "{}x", "[]", "1", "{", "\xFF", "{\"\xFF\":1}"})
        EXPECT_FALSE(parse_object(text)) << text;
}

/// Real answers, with bytes of them changed, doubled and cut away.
std::string spoiled(std::string text) {
    const auto changes = *rc::gen::inRange(0, 6);
    for (int i = 0; i < changes && !text.empty(); ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        switch (*rc::gen::inRange(0, 4)) {
            case 0: text[at] = *rc::gen::arbitrary<char>(); break;
            case 1: text.erase(at, *rc::gen::inRange<std::size_t>(1, 20)); break;
            case 2: text.insert(at, text.substr(at, *rc::gen::inRange<std::size_t>(1, 40))); break;
            default: text[at] = *rc::gen::elementOf(std::string("{}[]\",:0e-")); break;
        }
    }
    return text;
}

RC_GTEST_PROP(HostileJson, IsReadOrRefusedAndNothingElse, ()) {
    const auto body =
        spoiled(R"({"result":{"audioChunk":{"data":"Zm9v"}}}
{"error":{"grpcCode":3,"httpCode":400,"message":"m","httpStatus":"Bad Request","details":[]}}
{"result":)" + message(0, "я яндекс", 0) +
                "}\n" + R"({"result":)" + message(0, "Я Яндекс.", 0, "0", true) + "}");
    const auto audio = audio_in_stream(body);
    if (const auto* bytes = std::get_if<std::string>(&audio)) RC_ASSERT(bytes->size() < 200U);
    TranscriptAssembly assembly;
    JsonStream stream(body);
    while (const auto next = stream.next()) {
        failure_in(*next);
        if (const auto* result = object_in(*next, "result")) assembly.add(*result);
    }
    RC_ASSERT(assembly.text().size() < 1'000U);
    RC_ASSERT(failure_of(answered(400, body)).detail.size() < 1'000U);
}

}  // namespace
}  // namespace mlbilling::yandex
