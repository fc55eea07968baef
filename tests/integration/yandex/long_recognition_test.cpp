// v3: recordings of any kind and length, as operations that are watched.
#include "integration/yandex/fixture.hpp"

namespace mlbilling::test {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

constexpr std::int64_t block = 162'700;

/// The asynchronous API: an operation that is done after so many looks.
class LongRecognition : public YandexTest {
  protected:
    LongRecognition() {
        script = [this](const ScriptedRequest& request) { return answer(request); };
    }

    ScriptedReply answer(const ScriptedRequest& request) {
        const auto path = request.target.substr(0, request.target.find('?'));
        if (path == "/stt/v3/recognizeFileAsync") {
            ++submissions;
            return reply_with(submit_status,
                              R"({"id":"op-)" + std::to_string(submissions) +
                                  R"(","description":"STT v3","done":false,"metadata":null})");
        }
        if (path.starts_with("/operations/")) return look(path.substr(12));
        if (path == "/stt/v3/getRecognition")
            return gone-- > 0 ? reply_with(404, "") : reply_with(fetch_status, transcript);
        if (path == "/stt/v3/deleteRecognition") return reply_with(delete_status, "{}");
        return reply_with(404, "");
    }
    ScriptedReply look(const std::string& id) {
        if (id == unknown) return reply_with(404, R"({"code":5,"message":"not found"})");
        if (id == failed)
            return reply_with(200, R"({"id":")" + id + R"(","done":true,"error":{"code":)" +
                                       std::to_string(error_code) + R"(,"message":"why"}})");
        if (looks_fail-- > 0) {
            auto reply = reply_with(503, "");
            if (!retry_after.empty()) reply.headers.emplace_back("Retry-After", retry_after);
            return reply;
        }
        const bool done = looks_until_done-- <= 0;
        return reply_with(200, R"({"id":")" + id + R"(","done":)" + (done ? "true}" : "false}"));
    }
    RecognitionRequest long_recording() {
        auto request = recording(Duration(60'001));
        request.on_operation = [this](std::string id) { return note(std::move(id)); };
        return request;
    }
    Async<void> note(std::string id) {
        operations.push_back(id + " after " + std::to_string(server.requests().size()));
        co_return;
    }
    RecognitionRequest resumed(const std::string& operation) {
        auto request = long_recording();
        request.operation = operation;
        return request;
    }

    int submissions = 0;
    int submit_status = 200;
    int fetch_status = 200;
    int delete_status = 200;
    int looks_until_done = 0;
    int looks_fail = 0;
    std::string retry_after;
    /// So many transcripts are not there any more.
    int gone = 0;
    std::string unknown;
    std::string failed;
    int error_code = 13;
    std::string transcript =
        R"({"result":{"audioCursors":{"finalIndex":"0"},"final":{"alternatives":[{"text":"раз два",
            "startTimeMs":"0"}]},"channelTag":"0"}}
           {"result":{"finalRefinement":{"finalIndex":"0","normalizedText":{"alternatives":[
            {"text":"Раз, два.","startTimeMs":"0"}]}},"channelTag":"0"}})";
    std::vector<std::string> operations;
    static constexpr std::int64_t price = 61 * 10'100;
};

TEST_F(LongRecognition, BeginsAnOperationWatchesItAndFetchesItsTranscript) {
    looks_until_done = 2;
    const auto heard = hear(long_recording());
    EXPECT_EQ(text_of(heard), "Раз, два.");
    EXPECT_EQ(cost_of(heard), MicroRoubles(price));
    EXPECT_THAT(calls(),
                ElementsAre("POST /stt/v3/recognizeFileAsync", "GET /operations/op-1",
                            "GET /operations/op-1", "GET /operations/op-1",
                            "GET /stt/v3/getRecognition", "DELETE /stt/v3/deleteRecognition"));
    EXPECT_THAT(operations, ElementsAre("op-1 after 1"));
    EXPECT_EQ(request(4).target, "/stt/v3/getRecognition?operationId=op-1");
    ASSERT_EQ(quotas.taken.size(), 1U);
    EXPECT_EQ(quotas.taken[0].quota, "yandex.long_recognition");
    EXPECT_FALSE(quotas.taken[0].keep);
    EXPECT_EQ(quotas.reserved.at("yandex.polls"), 3);
}

TEST_F(LongRecognition, WaitsForItsTurnInTheLineForOurQuota) {
    quotas.turns = {Duration(1'200'000)};
    auto request = long_recording();
    request.place_in_line = "1_1";
    const auto heard = hear(request);
    ASSERT_TRUE(fails(heard, Kind::busy));
    const auto& failure = std::get<ProviderFailure>(heard);
    EXPECT_EQ(failure.retry_after, Duration(1'200'000));
    EXPECT_GE(failure.in_line, Duration(10'000));
    EXPECT_EQ(failure.cost, MicroRoubles(0));
    EXPECT_EQ(calls(), std::vector<std::string>{});
    EXPECT_EQ(quotas.taken[0].holder, "1_1");
    EXPECT_TRUE(quotas.taken[0].keep);
    EXPECT_EQ(text_of(hear(request)), "Раз, два.");
}

TEST_F(LongRecognition, ATurnThatComesSoonIsWaitedFor) {
    quotas.turns = {Duration(1'000), Duration(0)};
    EXPECT_EQ(text_of(hear(long_recording())), "Раз, два.");
    EXPECT_EQ(clock.slept.front(), Duration(1'000));
}

TEST_F(LongRecognition, ATurnThatYandexDidNotCountIsGivenBack) {
    auto request = long_recording();
    request.place_in_line = "1_1";
    for (const int status : {429, 503, 401}) {
        submit_status = status;
        hear(request);
    }
    EXPECT_EQ(quotas.given_back, (std::vector<std::string>{"1_1", "1_1", "1_1"}));
    submit_status = 200;
    hear(request);
    EXPECT_EQ(quotas.given_back.size(), 3U);
}

TEST_F(LongRecognition, AnEmptyAnswerIsNoTranscriptAndNothingIsRemoved) {
    for (const std::string empty : {"", " \n", R"({"result":{"channelTag":"0"}})"}) {
        transcript = empty;
        EXPECT_TRUE(fails(hear(resumed("op-of-before")), Kind::down)) << empty;
        EXPECT_EQ(calls().back(), "GET /stt/v3/getRecognition");
    }
}

TEST_F(LongRecognition, WhatItWillCostIsKnownBefore) {
    EXPECT_EQ(speech().cost_of(long_recording()), MicroRoubles(price));
    EXPECT_EQ(speech().cost_of(resumed("op-of-before")), MicroRoubles(0));
    EXPECT_EQ(speech().cost_of(recording(Duration(16'000))), MicroRoubles(2 * block));
    EXPECT_EQ(speech().cost_of(recording(Duration(0))), MicroRoubles(0));
}

TEST_F(LongRecognition, SaysWhatIsToBeRecognisedInTheWordsOfV3) {
    hear(long_recording());
    EXPECT_EQ(json::parse(request(0).body), json::parse(R"({
        "content":"T2dnUyB1c2VyJ3MgZmlsZQ==",
        "recognitionModel":{"model":"general",
          "audioFormat":{"containerAudio":{"containerAudioType":"OGG_OPUS"}},
          "textNormalization":{"textNormalization":"TEXT_NORMALIZATION_ENABLED",
                               "profanityFilter":false,"literatureText":true},
          "languageRestriction":{"restrictionType":"WHITELIST","languageCode":["ru-RU"]}}})"));
}

TEST_F(LongRecognition, LooksAtGrowingIntervals) {
    looks_until_done = 8;
    hear(long_recording());
    const auto& slept = clock.slept;
    ASSERT_EQ(slept.size(), 9U);
    for (std::size_t i = 1; i < slept.size(); ++i) EXPECT_GE(slept[i], slept[i - 1]);
    EXPECT_GE(slept.front(), Duration(500));
    EXPECT_EQ(slept.back(), Duration(10'000));
}

TEST_F(LongRecognition, TakesAnOperationUpAgainWithoutPayingAgain) {
    const auto heard = hear(resumed("op-of-before"));
    EXPECT_EQ(text_of(heard), "Раз, два.");
    EXPECT_EQ(cost_of(heard), MicroRoubles(0));
    EXPECT_EQ(submissions, 0);
    EXPECT_THAT(operations, ElementsAre());
    EXPECT_EQ(calls().front(), "GET /operations/op-of-before");
}

TEST_F(LongRecognition, BeginsAnewWhatYandexHasForgotten) {
    unknown = "op-of-before";
    const auto heard = hear(resumed("op-of-before"));
    EXPECT_EQ(text_of(heard), "Раз, два.");
    EXPECT_EQ(cost_of(heard), MicroRoubles(price));
    EXPECT_EQ(operations.size(), 1U);
}

TEST_F(LongRecognition, BeginsAnewWhatFailedButNotWhatWillAlwaysFail) {
    failed = "op-of-before";
    EXPECT_EQ(text_of(hear(resumed("op-of-before"))), "Раз, два.");
    EXPECT_EQ(submissions, 1);
    error_code = 3;
    EXPECT_TRUE(fails(hear(resumed("op-of-before")), Kind::refused));
    EXPECT_EQ(submissions, 1);
}

TEST_F(LongRecognition, BeginsAnewWhereTheOperationIsAnotherProviders) {
    for (const auto* operation : {"../../iam", "a b", "op?x=1"})
        EXPECT_EQ(text_of(hear(resumed(operation))), "Раз, два.");
    EXPECT_EQ(submissions, 3);
}

TEST_F(LongRecognition, AnOperationThatFailsIsAFailureThatCost) {
    failed = "op-1";
    const auto heard = hear(long_recording());
    EXPECT_TRUE(fails(heard, Kind::down));
    EXPECT_EQ(cost_of(heard), MicroRoubles(price));
    EXPECT_EQ(submissions, 1);
}

TEST_F(LongRecognition, ASubmissionThatIsRefusedCostsNothing) {
    for (const auto& [status, kind] :
         std::vector<std::pair<int, Kind>>{{400, Kind::refused}, {429, Kind::busy}}) {
        submit_status = status;
        const auto heard = hear(long_recording());
        EXPECT_TRUE(fails(heard, kind));
        EXPECT_EQ(cost_of(heard), MicroRoubles(0));
    }
    EXPECT_TRUE(operations.empty());
}

TEST_F(LongRecognition, ShortOutagesWhileWatchingAreSatOut) {
    looks_fail = 3;
    EXPECT_EQ(text_of(hear(long_recording())), "Раз, два.");
    looks_fail = 100;
    const auto heard = hear(long_recording());
    EXPECT_TRUE(fails(heard, Kind::down));
    EXPECT_EQ(cost_of(heard), MicroRoubles(price));
}

TEST_F(LongRecognition, TheDeadlineEndsTheWaitAndNotTheOperation) {
    looks_until_done = 1'000;
    const auto heard = hear(long_recording(), Duration(60'000));
    EXPECT_TRUE(fails(heard, Kind::busy));
    EXPECT_TRUE(std::get<ProviderFailure>(heard).goes_on);
    EXPECT_EQ(cost_of(heard), MicroRoubles(price));
    EXPECT_EQ(operations.size(), 1U);
    const auto later = hear(resumed("op-1"), Duration(60'000));
    EXPECT_TRUE(std::get<ProviderFailure>(later).goes_on);
    EXPECT_EQ(cost_of(later), MicroRoubles(0));
    EXPECT_EQ(submissions, 1);
}

TEST_F(LongRecognition, AProviderThatIsDownIsNoOperationThatGoesOn) {
    looks_fail = 100;
    EXPECT_FALSE(std::get<ProviderFailure>(hear(long_recording())).goes_on);
    submit_status = 429;
    EXPECT_FALSE(std::get<ProviderFailure>(hear(long_recording())).goes_on);
}

TEST_F(LongRecognition, ATranscriptThatIsDoneWaitsForWhoAsksTooOften) {
    fetch_status = 429;
    EXPECT_TRUE(std::get<ProviderFailure>(hear(resumed("op-of-before"))).goes_on);
}

TEST_F(LongRecognition, ATranscriptThatIsGoneIsBegunAnewOnce) {
    gone = 1;
    EXPECT_EQ(text_of(hear(resumed("op-of-before"))), "Раз, два.");
    EXPECT_EQ(submissions, 1);
    gone = 2;
    EXPECT_TRUE(fails(hear(resumed("op-of-before")), Kind::down));
    EXPECT_EQ(submissions, 2);
}

TEST_F(LongRecognition, LooksNoSoonerThanItIsAskedTo) {
    looks_fail = 1;
    retry_after = "40";
    EXPECT_EQ(text_of(hear(long_recording())), "Раз, два.");
    EXPECT_EQ(clock.slept.back(), Duration(40'000));
}

TEST_F(LongRecognition, ATranscriptThatCannotBeRemovedIsATranscriptAllTheSame) {
    delete_status = 500;
    EXPECT_EQ(text_of(hear(long_recording())), "Раз, два.");
}

TEST_F(LongRecognition, ATranscriptThatBreaksOffIsAFailureAndStaysAtYandex) {
    for (const std::string broken :
         {R"({"result":{"final":{"alternati)", R"({"error":{"grpcCode":14,"message":"m"}})"}) {
        transcript = broken;
        EXPECT_TRUE(fails(hear(long_recording()), Kind::down)) << broken;
        EXPECT_EQ(calls().back(), "GET /stt/v3/getRecognition");
    }
}

TEST_F(LongRecognition, NothingSaidIsAnEmptyTranscript) {
    transcript = R"({"result":{"eouUpdate":{"timeMs":"7400"},"channelTag":"0"}})";
    EXPECT_EQ(text_of(hear(long_recording())), "");
}

TEST_F(LongRecognition, IsForEverythingWhereV1IsNotWanted) {
    options.recognition = yandex::RecognitionApi::v3;
    auto request = long_recording();
    request.sound = Sound{16'000, std::vector<std::int16_t>(16'000)};
    const auto heard = hear(std::move(request));
    EXPECT_EQ(text_of(heard), "Раз, два.");
    EXPECT_EQ(cost_of(heard), MicroRoubles(15 * 10'100));
}

TEST_F(LongRecognition, IsRefusedWhereOnlyV1IsWanted) {
    options.recognition = yandex::RecognitionApi::v1;
    EXPECT_TRUE(fails(hear(long_recording()), Kind::refused));
    EXPECT_TRUE(calls().empty());
}

}  // namespace
}  // namespace mlbilling::test
