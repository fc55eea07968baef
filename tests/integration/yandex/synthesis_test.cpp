#include <set>

#include "integration/http_client/multipart.hpp"
#include "integration/yandex/fixture.hpp"

namespace mlbilling::test {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

using Synthesis = YandexTest;

constexpr std::int64_t unit = 162'600;

TEST_F(Synthesis, IsOneAuthorisedRequestWhoseAudioIsHandedOnAsItIs) {
    const auto spoken = say("Привет, мир", "jane-good", 150);
    EXPECT_EQ(file_of(spoken), "OggS voice");
    EXPECT_THAT(calls(), ElementsAre("POST /tts/v3/utteranceSynthesis"));
    const auto& headers = request(0).headers;
    EXPECT_EQ(headers.at("authorization"), "Api-Key AQVN-key");
    EXPECT_EQ(headers.at("content-type"), "application/json");
    EXPECT_THAT(
        headers.at("x-client-request-id"),
        MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_FALSE(headers.contains("x-folder-id"));
    const auto body = json::parse(request(0).body).as_object();
    EXPECT_EQ(body.at("text"), "Привет, мир");
    EXPECT_EQ(body.at("hints"), json::parse(R"([{"voice":"jane"},{"role":"good"},{"speed":1.5}])"));
    EXPECT_EQ(cost_of(spoken), MicroRoubles(unit));
    EXPECT_EQ(std::get<SpokenVoice>(spoken).bill.provider, "yandex");
    EXPECT_EQ(quotas.reserved.at("yandex.synthesis"), 1);
}

TEST_F(Synthesis, EachRequestHasAnIdOfItsOwn) {
    say("Привет");
    say("Привет");
    EXPECT_NE(request(0).headers.at("x-client-request-id"),
              request(1).headers.at("x-client-request-id"));
}

std::string sentences(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "Предложение номер " + std::to_string(i) + " сказано. ";
    return text;
}

TEST_F(Synthesis, ALongTextIsSaidInPiecesAndJoinedInOrder) {
    script = [](const ScriptedRequest& request) {
        const auto body = json::parse(request.body).as_object();
        const std::string text(body.at("text").as_string().c_str());
        auto reply = reply_with(200, audio_message(text));
        // The first ones come last.
        reply.delay = std::chrono::milliseconds(text.find(" 0 ") != std::string::npos ? 50 : 0);
        return reply;
    };
    const auto spoken = say(sentences(40));
    auto joined = file_of(spoken);
    std::replace(joined.begin(), joined.end(), '|', ' ');
    EXPECT_EQ(joined, sentences(40));
    const auto count = server.requests().size();
    EXPECT_GT(count, 4U);
    for (const auto& call : server.requests())
        EXPECT_LE(json::parse(call.body).at("text").as_string().size(), 2 * 250U);
    EXPECT_EQ(cost_of(spoken), MicroRoubles(static_cast<std::int64_t>(count) * unit));
}

TEST_F(Synthesis, WhatItWillCostIsKnownBefore) {
    const SynthesisRequest request{sentences(40), "marina", 80};
    const auto expected = speech().cost_of(request);
    EXPECT_EQ(cost_of(say(request.text, request.voice, request.speed_percent)), expected);
    EXPECT_GT(expected, MicroRoubles(4 * unit));
}

TEST_F(Synthesis, ASlowVoiceIsGivenShorterPieces) {
    say(sentences(20), "marina", 50);
    for (const auto& call : server.requests())
        EXPECT_LE(json::parse(call.body).at("text").as_string().size(), 2 * 180U);
}

TEST_F(Synthesis, WhatIsSaidTwiceIsPaidForOnce) {
    std::string sentence;
    while (count_code_points(sentence) < 240) sentence += "слово ";
    sentence.back() = '.';
    const auto spoken = say(sentence + " " + sentence);
    EXPECT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(cost_of(spoken), MicroRoubles(unit));
    EXPECT_EQ(std::ranges::count(file_of(spoken), '|'), 2);
}

TEST_F(Synthesis, APieceThatYandexFindsTooLongIsCutAndItAlone) {
    script = [](const ScriptedRequest& call) {
        const auto text = json::parse(call.body).at("text").as_string();
        if (text.size() > 200)
            return reply_with(400, R"({"error":{"grpcCode":3,"httpCode":400,
                                                  "message":"text is too long"}})");
        return reply_with(200, audio_message(std::string(text)));
    };
    const auto spoken = say(sentences(8));
    auto joined = file_of(spoken);
    std::replace(joined.begin(), joined.end(), '|', ' ');
    EXPECT_EQ(joined, sentences(8));
    const auto said = std::ranges::count(file_of(spoken), '|');
    EXPECT_EQ(cost_of(spoken), MicroRoubles(said * unit));
}

TEST_F(Synthesis, WhatIsRefusedForAnotherReasonIsNotCut) {
    script = [](const ScriptedRequest&) {
        return reply_with(400, R"({"error":{"grpcCode":3,"message":"unknown voice"}})");
    };
    EXPECT_TRUE(fails(say(sentences(4)), Kind::refused));
    EXPECT_LE(server.requests().size(), 2U);
}

TEST_F(Synthesis, InUnsafeModeYandexCutsTheTextUp) {
    options.unsafe_mode = true;
    const auto spoken = say(sentences(30));
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(json::parse(request(0).body).at("unsafeMode"), true);
    EXPECT_EQ(cost_of(spoken), MicroRoubles(4 * unit));
}

TEST_F(Synthesis, APieceThatFailsFailsAllAndWhatWasSaidIsPaidFor) {
    int answered = 0;
    script = [&](const ScriptedRequest&) {
        return ++answered == 3 ? reply_with(429, "") : reply_with(200, audio_message("x"));
    };
    const auto spoken = say(sentences(40));
    EXPECT_TRUE(fails(spoken, Kind::busy));
    const auto good = static_cast<std::int64_t>(server.requests().size()) - 1;
    EXPECT_EQ(cost_of(spoken), MicroRoubles(good * unit));
    EXPECT_LE(server.requests().size(), 8U);
}

TEST_F(Synthesis, PiecesThatCannotBeJoinedAreAFailureThatCost) {
    codec.damaged = true;
    const auto spoken = say(sentences(20));
    EXPECT_TRUE(fails(spoken, Kind::down));
    EXPECT_GT(cost_of(spoken), MicroRoubles(unit));
}

TEST_F(Synthesis, AUsersMarkupIsNotYandexs) {
    say("**Слово** sil<[7000]> за\u0301мок");
    EXPECT_EQ(json::parse(request(0).body).at("text"), "Слово sil<(7000)> з+амок");
}

TEST_F(Synthesis, ATextThatIsTooLongIsRefusedUnsaid) {
    std::string text;
    while (text.size() <= 5'000) text += "word ";
    EXPECT_TRUE(fails(say(text), Kind::refused));
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(Synthesis, WhereThereIsNothingToSayNobodyIsAsked) {
    EXPECT_TRUE(fails(say("😀 **"), Kind::refused));
    EXPECT_TRUE(server.requests().empty());
    EXPECT_TRUE(quotas.reserved.empty());
}

TEST_F(Synthesis, ByV1IsAFormAndRawAudio) {
    options.synthesis = yandex::SynthesisApi::v1;
    options.credentials = yandex::IamToken{"t1.token"};
    options.folder = "b1gfolder";
    script = [](const ScriptedRequest&) { return reply_with(200, "OggS raw"); };
    const auto spoken = say("Привет, мир", "jane-evil", 120);
    EXPECT_EQ(file_of(spoken), "OggS raw");
    EXPECT_THAT(calls(), ElementsAre("POST /speech/v1/tts:synthesize"));
    EXPECT_THAT(request(0).headers.at("content-type"), HasSubstr("multipart/form-data"));
    std::map<std::string, std::string> fields;
    for (const auto& part : parse_multipart(request(0).headers.at("content-type"), request(0).body))
        fields[part.name] = part.bytes;
    EXPECT_EQ(fields, (std::map<std::string, std::string>{{"text", "Привет, мир"},
                                                          {"lang", "ru-RU"},
                                                          {"voice", "jane"},
                                                          {"emotion", "evil"},
                                                          {"speed", "1.20"},
                                                          {"format", "oggopus"},
                                                          {"folderId", "b1gfolder"}}));
    EXPECT_EQ(cost_of(spoken), MicroRoubles(11 * 1'342));
}

TEST_F(Synthesis, ByV1OfNoBytesIsAFailure) {
    options.synthesis = yandex::SynthesisApi::v1;
    script = [](const ScriptedRequest&) { return reply_with(200, ""); };
    EXPECT_TRUE(fails(say("Привет"), Kind::down));
}

TEST_F(Synthesis, ByV1KnowsItsOwnVoicesOnly) {
    options.synthesis = yandex::SynthesisApi::v1;
    std::set<std::string> ids;
    for (const auto& voice : speech().voices()) ids.insert(voice.id);
    EXPECT_TRUE(ids.contains("alena"));
    EXPECT_FALSE(ids.contains("marina"));
}

TEST_F(Synthesis, AnErrorInMidStreamIsAFailureThatMayHaveCost) {
    script = [](const ScriptedRequest&) {
        return reply_with(
            200, audio_message("OggS") + R"({"error":{"grpcCode":14,"message":"unavailable"}})");
    };
    const auto spoken = say("Привет");
    EXPECT_TRUE(fails(spoken, Kind::down));
    EXPECT_EQ(cost_of(spoken), MicroRoubles(unit));
}

TEST_F(Synthesis, AnErrorThatYandexAnswersCostsNothing) {
    for (const auto& [status, kind] : std::vector<std::pair<int, Kind>>{{400, Kind::refused},
                                                                        {401, Kind::misconfigured},
                                                                        {403, Kind::misconfigured},
                                                                        {429, Kind::busy},
                                                                        {500, Kind::down},
                                                                        {503, Kind::down},
                                                                        {504, Kind::down}}) {
        script = [answered = status](const ScriptedRequest&) {
            return reply_with(answered, R"({"error":{"message":"why"}})");
        };
        const auto spoken = say("Привет");
        EXPECT_TRUE(fails(spoken, kind)) << status;
        EXPECT_EQ(cost_of(spoken), MicroRoubles(0)) << status;
        EXPECT_THAT(file_of(spoken), HasSubstr("why"));
        EXPECT_THAT(file_of(spoken), HasSubstr("x-client-request-id"));
        EXPECT_THAT(file_of(spoken), Not(HasSubstr("AQVN")));
    }
}

TEST_F(Synthesis, AnAnswerThatBreaksOffMayHaveCost) {
    for (const auto how : {ScriptedReply::Kind::close, ScriptedReply::Kind::reset}) {
        script = [how](const ScriptedRequest&) { return reply_by(how); };
        const auto spoken = say("Привет");
        EXPECT_TRUE(fails(spoken, Kind::down));
        EXPECT_EQ(cost_of(spoken), MicroRoubles(unit));
    }
    script = [](const ScriptedRequest&) {
        auto reply = reply_with(200, audio_message(std::string(1'000, 'x')));
        reply.kind = ScriptedReply::Kind::cut;
        return reply;
    };
    EXPECT_TRUE(fails(say("Привет"), Kind::down));
}

TEST_F(Synthesis, WhoeverCannotBeReachedCostsNothing) {
    point_at("http://127.0.0.1:" + std::to_string(unused_port(loop)));
    const auto spoken = say("Привет");
    EXPECT_TRUE(fails(spoken, Kind::down));
    EXPECT_EQ(cost_of(spoken), MicroRoubles(0));
}

TEST_F(Synthesis, AfterTheDeadlineNobodyIsAsked) {
    EXPECT_TRUE(fails(say("Привет", "marina", 100, Duration(0)), Kind::busy));
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(Synthesis, AnEndlessAnswerIsCutOff) {
    script = [](const ScriptedRequest&) { return reply_by(ScriptedReply::Kind::endless); };
    EXPECT_TRUE(fails(say("Привет"), Kind::down));
}

}  // namespace
}  // namespace mlbilling::test
