#include "cascade/speech_cascade.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "cascade_world.hpp"

namespace mlbilling::test {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class Cascade : public CascadeWorld {};

TEST_F(Cascade, IsOneProviderToItsUsers) {
    EXPECT_EQ(cascade->name(), "yandex,local");
    EXPECT_EQ(cascade->voices().size(), 4U);
    EXPECT_EQ(cascade->recognised_languages(), (Strings{"ru", "kk", "en"}));
    EXPECT_FALSE(cascade->is_demonstration());
}

TEST_F(Cascade, TheFirstServesWhileItCan) {
    EXPECT_EQ(outcome(speak()), "yandex");
    EXPECT_EQ(outcome(hear()), "yandex");
    EXPECT_EQ(local.calls(), 0U);
    EXPECT_EQ(metrics.noted, Strings{});
}

TEST_F(Cascade, TheNextServesWhenOneIsAtFault) {
    for (const auto kind : {Kind::busy, Kind::down, Kind::misconfigured, Kind::unsupported}) {
        SetUp();
        yandex.script = {failing(kind), failing(kind)};
        EXPECT_EQ(outcome(speak()), "local");
        EXPECT_EQ(outcome(hear()), "local");
    }
    EXPECT_EQ(metrics.noted.size(), 8U);
    EXPECT_EQ(metrics.noted[0], "yandex synthesize busy");
    EXPECT_EQ(metrics.noted[1], "yandex recognize busy");
}

TEST_F(Cascade, ARefusalEndsIt) {
    yandex.script = {failing(Kind::refused), failing(Kind::refused)};
    EXPECT_EQ(outcome(speak()), "refused");
    EXPECT_EQ(outcome(hear()), "refused");
    EXPECT_EQ(local.calls(), 0U);
}

TEST_F(Cascade, TheBillHoldsWhatFailedCallsCost) {
    yandex.script = {failing(Kind::down, 300), failing(Kind::busy, 20), failing(Kind::refused, 5)};
    local.script = {{.failure = {}, .cost = MicroRoubles(7), .takes = {}, .operation = {}},
                    failing(Kind::down, 1)};
    EXPECT_EQ(spent_on(speak()), MicroRoubles(307));
    EXPECT_EQ(spent_on(speak()), MicroRoubles(21));
    EXPECT_EQ(spent_on(speak()), MicroRoubles(5));
}

TEST_F(Cascade, WhenAllFailTheMostHopefulReasonIsTold) {
    yandex.script = {failing(Kind::busy), failing(Kind::unsupported), failing(Kind::unsupported)};
    local.script = {failing(Kind::misconfigured), failing(Kind::down), failing(Kind::unsupported)};
    EXPECT_EQ(outcome(speak()), "busy");
    clock.advance(10s);
    EXPECT_EQ(outcome(speak()), "down");
    clock.advance(1h);
    const auto last = speak();
    EXPECT_EQ(outcome(last), "unsupported");
    EXPECT_EQ(std::get<ProviderFailure>(last).detail, "yandex: told to");
}

TEST_F(Cascade, AFailingProviderIsLeftOutAndTriedAgainByOneCall) {
    for (int i = 0; i < 3; ++i) yandex.script.push_back(failing(Kind::down));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(outcome(speak()), "local");
    EXPECT_EQ(yandex.calls(), 3U);
    clock.advance(10s);
    EXPECT_EQ(outcome(speak()), "yandex");
    EXPECT_EQ(outcome(speak()), "yandex");
}

TEST_F(Cascade, EachKindOfCallHasABreakerOfItsOwn) {
    for (int i = 0; i < 3; ++i) yandex.script.push_back(failing(Kind::down));
    for (int i = 0; i < 3; ++i) speak();
    EXPECT_EQ(outcome(speak()), "local");
    EXPECT_EQ(outcome(hear()), "yandex");
}

TEST_F(Cascade, RefusalsAreNoOutage) {
    for (int i = 0; i < 9; ++i) yandex.script.push_back(failing(Kind::refused));
    for (int i = 0; i < 9; ++i) EXPECT_EQ(outcome(speak()), "refused");
    EXPECT_EQ(outcome(speak()), "yandex");
}

TEST_F(Cascade, WhenAllAreLeftOutTheCallIsToBeTriedLater) {
    for (int i = 0; i < 3; ++i) {
        yandex.script.push_back(failing(Kind::down));
        local.script.push_back(failing(Kind::misconfigured));
    }
    for (int i = 0; i < 3; ++i) speak();
    EXPECT_EQ(outcome(speak()), "busy");
    EXPECT_EQ(yandex.calls() + local.calls(), 4U);
}

TEST_F(Cascade, WhoRefusesOurAccountIsLeftOutAtOnceTheOnlyOneToo) {
    cascade = std::make_unique<SpeechCascade>(SpeechCascade::Ports{clock, random, metrics},
                                              std::vector{CascadeMember{&yandex, {}, {}}},
                                              CircuitBreaker::Options{});
    yandex.script = {failing(Kind::misconfigured)};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(outcome(speak()), "misconfigured");
    EXPECT_EQ(yandex.calls(), 1U);
    clock.advance(10s);
    EXPECT_EQ(outcome(speak()), "yandex");
}

TEST_F(Cascade, TheOnlyProviderIsAskedHoweverOftenItFails) {
    cascade = std::make_unique<SpeechCascade>(SpeechCascade::Ports{clock, random, metrics},
                                              std::vector{CascadeMember{&yandex, {}, {}}},
                                              CircuitBreaker::Options{});
    for (int i = 0; i < 9; ++i) yandex.script.push_back(failing(Kind::down));
    for (int i = 0; i < 9; ++i) EXPECT_EQ(outcome(speak()), "down");
    EXPECT_EQ(yandex.calls(), 9U);
    EXPECT_EQ(metrics.noted, Strings{});
}

TEST_F(Cascade, WhereOurQuotaIsUsedUpAnotherServesAndNoPlaceIsKept) {
    auto waits = failing(Kind::busy);
    waits.failure->in_line = Duration(5'000);
    yandex.script = {waits};
    EXPECT_EQ(outcome(hear()), "local");
    EXPECT_FALSE(yandex.heard.back().keeps_place);
    EXPECT_EQ(metrics.noted, Strings{});
}

TEST_F(Cascade, APlaceIsKeptWhereNobodyElseServes) {
    auto waits = failing(Kind::busy);
    waits.failure->in_line = Duration(5'000);
    yandex.script = {waits, waits};
    local.script = {failing(Kind::unsupported)};
    const auto heard = hear();
    ASSERT_EQ(outcome(heard), "busy");
    EXPECT_EQ(std::get<ProviderFailure>(heard).in_line, Duration(5'000));
    ASSERT_EQ(yandex.heard.size(), 2U);
    EXPECT_FALSE(yandex.heard[0].keeps_place);
    EXPECT_TRUE(yandex.heard[1].keeps_place);
}

TEST_F(Cascade, AVoiceBecomesItsNearestOfTheFallback) {
    yandex.script = {failing(Kind::down), failing(Kind::down)};
    speak("marina");
    EXPECT_EQ(local.spoken.back().voice, "espeak-ru");
    EXPECT_EQ(outcome(speak("amira")), "down");
    EXPECT_EQ(local.calls(), 1U);
    EXPECT_EQ(outcome(speak("slt")), "local");
    EXPECT_EQ(local.spoken.back().voice, "slt");
}

TEST_F(Cascade, ALanguageGoesToWhomeverUnderstandsIt) {
    EXPECT_EQ(outcome(hear("", "en")), "local");
    EXPECT_EQ(yandex.calls(), 0U);
    EXPECT_EQ(outcome(hear("", "tlh")), "unsupported");
}

TEST_F(Cascade, AFallbackNeverCostsMoreThanTheHoldIsWorth) {
    build({&local, [](const SynthesisRequest&) { return MicroRoubles(100); }, {}});
    yandex.script = {failing(Kind::down), failing(Kind::down), failing(Kind::down)};
    EXPECT_EQ(outcome(speak("marina", MicroRoubles(99))), "down");
    EXPECT_EQ(local.calls(), 0U);
    EXPECT_EQ(outcome(speak("marina", MicroRoubles(100))), "local");
}

TEST_F(Cascade, TheFirstProviderMayCostWhatItCosts) {
    cascade = std::make_unique<SpeechCascade>(
        SpeechCascade::Ports{clock, random, metrics},
        std::vector{
            CascadeMember{&yandex, [](const SynthesisRequest&) { return MicroRoubles(100); }, {}},
            CascadeMember{&local, {}, {}}},
        CircuitBreaker::Options{});
    EXPECT_EQ(outcome(speak("marina", MicroRoubles(1))), "yandex");
}

TEST_F(Cascade, ASlowProviderLeavesTimeForTheNext) {
    yandex.script = {{.failure = ProviderFailure{Kind::busy, "late", {}},
                      .cost = {},
                      .takes = 15s,
                      .operation = {}}};
    EXPECT_EQ(outcome(speak()), "local");
    EXPECT_EQ(yandex.deadlines.back(), 15s);
    EXPECT_EQ(local.deadlines.back(), 15s);
}

TEST_F(Cascade, AnOperationIsKeptWithItsProvidersName) {
    yandex.script = {{.failure = {}, .cost = {}, .takes = {}, .operation = "f8d"}};
    EXPECT_EQ(outcome(hear()), "yandex");
    EXPECT_EQ(operations, Strings{"yandex:f8d"});
}

TEST_F(Cascade, AnOperationIsResumedByWhoeverBeganIt) {
    EXPECT_EQ(outcome(hear("local:17")), "local");
    EXPECT_EQ(local.heard.back().operation, "17");
    EXPECT_EQ(yandex.calls(), 0U);
    EXPECT_EQ(outcome(hear("f8d")), "yandex");
    EXPECT_EQ(yandex.heard.back().operation, "f8d");
    EXPECT_EQ(outcome(hear("gone:1")), "yandex");
    EXPECT_EQ(yandex.heard.back().operation, "");
}

TEST_F(Cascade, AnOperationThatWasBegunIsWaitedForAndNotPaidTwice) {
    auto unfinished = failing(Kind::busy);
    unfinished.operation = "f8d";
    yandex.script = {unfinished, failing(Kind::busy), failing(Kind::down)};
    EXPECT_EQ(outcome(hear()), "busy");
    EXPECT_EQ(outcome(hear("yandex:f8d")), "busy");
    EXPECT_EQ(local.calls(), 0U);
    EXPECT_EQ(outcome(hear("yandex:f8d")), "local");
    EXPECT_EQ(local.heard.back().operation, "");
}

TEST_F(Cascade, SlowOperationsAreNoOutage) {
    for (int i = 0; i < 9; ++i) {
        yandex.script.push_back(failing(Kind::busy));
        yandex.script.back().operation = "f8d";
    }
    for (int i = 0; i < 9; ++i) EXPECT_EQ(outcome(hear()), "busy");
    EXPECT_EQ(outcome(hear("yandex:f8d")), "yandex");
    EXPECT_EQ(local.calls(), 0U);
}

TEST_F(Cascade, ACancelledProbeDoesNotBlockTheNext) {
    for (int i = 0; i < 3; ++i) yandex.script.push_back(failing(Kind::down));
    for (int i = 0; i < 3; ++i) speak();
    clock.advance(10s);
    yandex.script = {{.failure = {}, .cost = {}, .takes = 20s, .operation = {}}};
    boost::asio::cancellation_signal signal;
    bool ended = false;
    boost::asio::co_spawn(loop,
                          cascade->synthesize({.text = "a", .voice = "marina"}, Duration(60'000)),
                          boost::asio::bind_cancellation_slot(
                              signal.slot(), [&](std::exception_ptr error, const auto&) {
                                  EXPECT_TRUE(error);
                                  ended = true;
                              }));
    clock.drain();
    signal.emit(boost::asio::cancellation_type::terminal);
    clock.drain();
    ASSERT_TRUE(ended);
    EXPECT_EQ(outcome(speak()), "yandex");
}

}  // namespace
}  // namespace mlbilling::test
