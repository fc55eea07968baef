// Faults, latency, quotas and the record.
#include <gmock/gmock.h>

#include "integration/standin/standin_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class StandinControl : public StandinTest {
  protected:
    json::value request{{"text", "Раз, два, три"}};

    void expect_fault(json::object fault) {
        fault.emplace("endpoint", "synthesis_v3");
        control("faults", fault);
    }
    json::value summary() { return json::parse(get("/control/summary").body); }
    HttpResult try_to_speak() {
        return run(loop, client.perform(call_of(HttpMethod::post, "/tts/v3/utteranceSynthesis",
                                                json::serialize(request))));
    }
};

TEST_F(StandinControl, AFaultStrikesAsOftenAsAsked) {
    for (const int status : {401, 403, 429, 500, 503, 504}) {
        expect_fault({{"kind", std::to_string(status)}, {"count", 2}});
        EXPECT_EQ(speak(request).status, status);
        EXPECT_EQ(speak(request).status, status);
        EXPECT_EQ(speak(request).status, 200);
    }
    EXPECT_EQ(summary().at("paid").as_int64(), 6);
}

TEST_F(StandinControl, RetryAfterIsSaidWhenAsked) {
    expect_fault({{"kind", "429"}});
    EXPECT_EQ(speak(request).header("retry-after"), "");
    expect_fault({{"kind", "429"}, {"retry_after", 7}});
    EXPECT_EQ(speak(request).header("retry-after"), "7");
}

TEST_F(StandinControl, AStreamCanBreakInTheMiddle) {
    request.as_object()["unsafeMode"] = true;
    request.as_object()["text"] = std::string(2'000, 'a');
    const auto whole = speak(request).body;
    expect_fault({{"kind", "error_line"}});
    const auto broken = speak(request);
    EXPECT_EQ(broken.status, 200);
    EXPECT_TRUE(whole.starts_with(broken.body.substr(0, broken.body.find("{\"error\""))));
    EXPECT_THAT(broken.body, HasSubstr(R"({"error":{"grpcCode":13)"));
    expect_fault({{"kind", "empty"}});
    EXPECT_EQ(speak(request).body, "");
    expect_fault({{"kind", "truncated"}});
    EXPECT_FALSE(try_to_speak());
}

TEST_F(StandinControl, ADroppedCallIsPaidForOnlyWhenItHadItsEffect) {
    expect_fault({{"kind", "dropped"}});
    EXPECT_FALSE(try_to_speak());
    EXPECT_EQ(summary().at("paid").as_int64(), 0);
    expect_fault({{"kind", "dropped_after"}});
    EXPECT_FALSE(try_to_speak());
    EXPECT_EQ(summary().at("paid").as_int64(), 1);
    EXPECT_EQ(speak(request).status, 200);
    const auto twice = summary().at("paid_more_than_once").as_array();
    ASSERT_EQ(twice.size(), 1U);
    EXPECT_EQ(twice[0].at("times").as_int64(), 2);
}

TEST_F(StandinControl, ARateStrikesTheSameCallsForTheSameSeed) {
    const auto statuses = [&] {
        std::string text;
        expect_fault({{"kind", "503"}, {"rate", 0.4}, {"seed", 11}});
        for (int i = 0; i < 30; ++i) text += speak(request).status == 200 ? '.' : 'x';
        perform(call_of(HttpMethod::remove, "/control/faults"));
        return text;
    };
    const auto first = statuses();
    EXPECT_EQ(statuses(), first);
    EXPECT_NE(first.find('x'), std::string::npos);
    EXPECT_NE(first.find('.'), std::string::npos);
}

TEST_F(StandinControl, SlownessAndLatencyPassOnTheClock) {
    control("latency", {{"endpoint", "synthesis_v3"}, {"milliseconds", 300}});
    expect_fault({{"kind", "slow"}, {"delay_ms", 5'000}});
    std::optional<HttpResult> answer;
    boost::asio::co_spawn(
        loop,
        keep(answer, client.perform(call_of(HttpMethod::post, "/tts/v3/utteranceSynthesis",
                                            json::serialize(request)))),
        [](std::exception_ptr error) { EXPECT_FALSE(error); });
    // The call is on its way when it is in the record.
    while (summary().at("paid").as_int64() == 0) {
    }
    clock.advance(Duration(5'299));
    EXPECT_FALSE(answer);
    clock.advance(Duration(1));
    while (!answer) {
        loop.restart();
        loop.run_one();
    }
    EXPECT_TRUE(*answer);
}

TEST_F(StandinControl, ASlowBodyArrivesWhole) {
    const auto whole = speak(request).body;
    expect_fault({{"kind", "slow_body"}, {"delay_ms", 30}});
    EXPECT_EQ(speak(request).body, whole);
}

TEST_F(StandinControl, QuotasAreEnforcedWhenAsked) {
    for (int i = 0; i < 45; ++i) EXPECT_EQ(speak(request).status, 200);
    control("settings", {{"enforce_quotas", true}});
    for (int i = 0; i < 40; ++i) EXPECT_EQ(speak(request).status, 200);
    EXPECT_EQ(speak(request).status, 429);
    clock.advance(Duration(1'000));
    EXPECT_EQ(speak(request).status, 200);
}

TEST_F(StandinControl, TheRecordKeepsBodiesWhenAsked) {
    speak(request);
    control("settings", {{"keep_bodies", true}});
    auto call = call_of(HttpMethod::post, "/tts/v3/utteranceSynthesis", json::serialize(request));
    call.headers.emplace_back("x-client-request-id", "an-id");
    perform(std::move(call));
    const auto calls = json::parse(get("/control/record").body).at("calls").as_array();
    ASSERT_EQ(calls.size(), 2U);
    EXPECT_FALSE(calls[0].as_object().contains("request_body"));
    EXPECT_EQ(calls[1].at("request_body").as_string(), json::serialize(request));
    EXPECT_EQ(calls[1].at("client_request_id").as_string(), "an-id");
    EXPECT_EQ(calls[1].at("summary").as_string(), "Раз, два, три");
    EXPECT_EQ(calls[0].at("fingerprint"), calls[1].at("fingerprint"));
}

TEST_F(StandinControl, WrongOrdersAreRefused) {
    for (const std::string body : {R"({"kind":"418","endpoint":"*"})", R"({"kind":"500"})",
                                   R"({"kind":"500","endpoint":"*","rate":2})", "x"})
        EXPECT_EQ(post("/control/faults", body).status, 400) << body;
    EXPECT_EQ(post("/control/settings", R"({"unheard_of":1})").status, 400);
    EXPECT_EQ(post("/control/unheard-of", "{}").status, 404);
    EXPECT_EQ(get("/no/such/method").status, 404);
}

}  // namespace
}  // namespace mlbilling::test
