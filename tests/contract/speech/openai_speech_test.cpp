// What the adapter for OpenAI-compatible servers promises beyond the contract.
#include "adapters/openai/openai_speech.hpp"

#include <gmock/gmock.h>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/openai/failures.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "contract/speech/speech_under_test.hpp"
#include "standin/standin.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::test {
namespace {

using Kind = ProviderFailure::Kind;
using standin::Endpoint;
using standin::Fault;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// The adapter, and the server that it talks to, on one loop.
struct Bench {
    explicit Bench(boost::asio::io_context& loop, openai::Prices prices = {})
        : clock(loop.get_executor()),
          // No provider answers before its caller has a chance to think better of it.
          server(loop.get_executor(), clock, random,
                 {.credentials = {}, .settings = {}, .latency = {20ms, 0ms}}),
          speech(loop.get_executor(), codec, clock, options(prices)) {}

    openai::Options options(openai::Prices prices) const {
        openai::Options options;
        options.base_url = server.url() + "/v1";
        options.api_key = "standin-openai-key";
        options.prices = prices;
        return options;
    }

    SystemClock clock;
    SeededRandom random{1};
    child_process::ChildProcesses children{2};
    audio::LocalAudioCodec codec{children, {}};
    standin::ProviderStandin server;
    openai::OpenAiSpeech speech;
};

class OpenAiSpeech : public testing::Test {
  public:
    void fault(Endpoint endpoint, Fault::Kind kind, Duration delay = {}) {
        bench.server.faults.add({.endpoint = endpoint, .kind = kind, .delay = delay}, 1);
    }
    Provided<SpokenVoice> speak(std::string text = "Hello, world", std::string voice = "nova-en") {
        return run(loop, bench.speech.synthesize(
                             {.text = std::move(text), .voice = std::move(voice)}, patience));
    }
    Sound tone() { return value_of(call.synthesize("Hello, world", "nova-en")); }

    boost::asio::io_context loop;
    Bench bench{loop, {MicroRoubles(15), MicroRoubles(10'000)}};
    Caller call{loop, bench.speech};
};

TEST_F(OpenAiSpeech, AnswersTheServersOwnOpusAndItsPrice) {
    const auto spoken = value_of(speak());
    ASSERT_TRUE(std::holds_alternative<EncodedVoice>(spoken.audio));
    EXPECT_EQ(spoken.bill.provider, "openai");
    EXPECT_EQ(spoken.bill.cost, MicroRoubles(12 * 15));
    EXPECT_FALSE(bench.speech.is_demonstration());
}

TEST_F(OpenAiSpeech, AsksForWavOnceTheServerHasRefusedOpus) {
    bench.server.settings.openai_formats = {"wav"};
    EXPECT_TRUE(std::holds_alternative<Sound>(value_of(speak()).audio));
    EXPECT_TRUE(std::holds_alternative<Sound>(value_of(speak("Again")).audio));
    EXPECT_THAT(bench.server.record.summary(), HasSubstr(R"("openai_speech":3)"));
    bench.server.settings.openai_formats = {};
    EXPECT_TRUE(fails(speak(), Kind::refused));
}

TEST_F(OpenAiSpeech, ALongTextIsSpokenInPiecesAndJoined) {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "Hello, world. ";
    const auto spoken = value_of(speak(text));
    EXPECT_EQ(spoken.bill.cost, MicroRoubles((400 * 14 - 2) * 15));
    auto sound = value_of(call.synthesize(text, "nova-en"));
    EXPECT_NEAR(static_cast<double>(sound.duration().count()), 400.0 * 14 * 60, 400);
    EXPECT_THAT(bench.server.record.summary(), HasSubstr(R"("openai_speech":4)"));
}

TEST_F(OpenAiSpeech, TranscribesInTheAskedLanguage) {
    RecognitionRequest request;
    request.sound = tone();
    request.language = "ru";
    const auto heard = value_of(run(loop, bench.speech.recognize(request, patience)));
    EXPECT_THAT(heard.text, HasSubstr("Запись 720 миллисекунд"));
    EXPECT_EQ(heard.bill.cost, MicroRoubles(10'000));
    EXPECT_EQ(bench.speech.cost_of(request), MicroRoubles(10'000));
}

TEST_F(OpenAiSpeech, SendsTheRecordingAsItCame) {
    const auto spoken = value_of(speak());
    RecognitionRequest request;
    request.sound = tone();
    request.ogg_opus = std::get<EncodedVoice>(spoken.audio).ogg_opus;
    request.language = "en";
    bench.server.settings.keep_bodies = true;
    value_of(run(loop, bench.speech.recognize(request, patience)));
    EXPECT_THAT(bench.server.record.calls(), HasSubstr("OpusHead"));
}

TEST_F(OpenAiSpeech, EveryTroubleOfTheServerHasItsKind) {
    const std::vector<std::pair<Fault::Kind, Kind>> troubles{
        {Fault::Kind::unauthenticated, Kind::misconfigured},
        {Fault::Kind::forbidden, Kind::misconfigured},
        {Fault::Kind::too_many, Kind::busy},
        {Fault::Kind::internal, Kind::down},
        {Fault::Kind::unavailable, Kind::busy},
        {Fault::Kind::gateway_timeout, Kind::busy},
        {Fault::Kind::dropped, Kind::down},
        {Fault::Kind::dropped_after, Kind::down},
        {Fault::Kind::truncated, Kind::down},
        {Fault::Kind::empty, Kind::down}};
    const auto sound = tone();
    for (const auto& [fault_kind, expected] : troubles) {
        SCOPED_TRACE(standin::name_of(fault_kind));
        fault(Endpoint::openai_speech, fault_kind);
        EXPECT_TRUE(fails(speak(), expected));
        fault(Endpoint::openai_transcription, fault_kind);
        EXPECT_TRUE(fails(call.recognize(sound), expected));
    }
    value_of(speak());
    value_of(call.recognize(sound));
}

TEST_F(OpenAiSpeech, ABusyServersPauseIsObeyed) {
    const Fault busy{.endpoint = {}, .kind = Fault::Kind::too_many, .count = 2, .retry_after = 7};
    const auto asked_for = [](const auto& answer) {
        return std::get<ProviderFailure>(answer).retry_after;
    };
    const auto sound = tone();
    bench.server.faults.add(busy, 1);
    EXPECT_EQ(asked_for(speak()), 7s);
    EXPECT_EQ(asked_for(call.recognize(sound)), 7s);
}

TEST_F(OpenAiSpeech, ALateAnswerIsBusyAndMayHaveCost) {
    fault(Endpoint::openai_speech, Fault::Kind::slow, 5s);
    const auto late =
        run(loop, bench.speech.synthesize({.text = "Hello", .voice = "nova-en"}, 300ms));
    EXPECT_TRUE(fails(late, Kind::busy));
    EXPECT_EQ(std::get<ProviderFailure>(late).cost, MicroRoubles(5 * 15));
}

TEST_F(OpenAiSpeech, SilenceIsSoundWithoutASoundAndAnEmptyTranscript) {
    fault(Endpoint::openai_speech, Fault::Kind::silence);
    EXPECT_EQ(audible_seconds(value_of(call.synthesize("Hello", "nova-en"))), 0.0);
    fault(Endpoint::openai_transcription, Fault::Kind::silence);
    EXPECT_EQ(value_of(call.recognize(tone())).text, "");
}

TEST_F(OpenAiSpeech, NeitherKeyNorTextIsInADetail) {
    auto options = bench.options({});
    options.api_key = "secret-key";
    openai::OpenAiSpeech stranger(loop.get_executor(), bench.codec, bench.clock, options);
    const auto refused =
        run(loop, stranger.synthesize({.text = "a private text", .voice = "nova-en"}, patience));
    ASSERT_TRUE(fails(refused, Kind::misconfigured));
    const auto& detail = std::get<ProviderFailure>(refused).detail;
    EXPECT_EQ(detail, "HTTP status 401, invalid_request_error, invalid_api_key");
    HttpAnswer chatty;
    chatty.status = 400;
    chatty.body = R"({"error":{"code":"You said: a private text","type":"x"}})";
    EXPECT_THAT(openai::failure_of(chatty, Time{}).detail, Not(HasSubstr("private")));
}

TEST_F(OpenAiSpeech, AnEmptyAccountIsTheOperatorsBusiness) {
    HttpAnswer answer;
    answer.status = 429;
    answer.body = R"({"error":{"code":"insufficient_quota","type":"insufficient_quota"}})";
    EXPECT_EQ(openai::failure_of(answer, Time{}).kind, Kind::misconfigured);
    answer.body = "";
    EXPECT_EQ(openai::failure_of(answer, Time{}).kind, Kind::busy);
}

TEST_F(OpenAiSpeech, WhatWillNeverChangeIsTheOperatorsBusiness) {
    HttpAnswer answer;
    for (const int status : {400, 404, 429}) {
        answer.status = status;
        answer.body = R"({"error":{"code":"model_not_found","type":"invalid_request_error"}})";
        EXPECT_EQ(openai::failure_of(answer, Time{}).kind, Kind::misconfigured) << status;
    }
    answer.status = 402;
    EXPECT_EQ(openai::failure_of(answer, Time{}).kind, Kind::misconfigured);
}

TEST_F(OpenAiSpeech, ARefusedRecordingIsTooShortTooLargeOrTooLong) {
    using Input = ProviderFailure::Input;
    const auto input_of = [](int status, std::string body) {
        HttpAnswer answer;
        answer.status = status;
        answer.body = std::move(body);
        const auto failure = openai::failure_of(answer, Time{});
        EXPECT_EQ(failure.kind, Kind::refused);
        return failure.input;
    };
    EXPECT_EQ(input_of(400, R"({"error":{"code":"audio_too_short"}})"), Input::too_short);
    EXPECT_EQ(input_of(413, ""), Input::too_large);
    EXPECT_EQ(input_of(422, R"({"detail":"audio is longer than 1500 s"})"), Input::too_long);
    EXPECT_EQ(input_of(422, R"({"detail":"no such field"})"), Input::unknown);
}

TEST_F(OpenAiSpeech, ALateServerIsGivenAsLongAgain) {
    fault(Endpoint::openai_speech, Fault::Kind::slow, 5s);
    const auto late =
        run(loop, bench.speech.synthesize({.text = "Hello", .voice = "nova-en"}, 300ms));
    EXPECT_TRUE(std::get<ProviderFailure>(late).late);
    EXPECT_EQ(std::get<ProviderFailure>(late).retry_after, 300ms);
}

TEST_F(OpenAiSpeech, MoreWorkHasMoreTime) {
    const SynthesisRequest little{.text = "Hello", .voice = "nova-en"};
    const SynthesisRequest much{.text = std::string(3'000, 'a'), .voice = "nova-en"};
    EXPECT_EQ(bench.speech.time_limit(much), 10 * bench.speech.time_limit(little));
}

TEST_F(OpenAiSpeech, AServerThatIsNotThereIsDownAndCostsNothing) {
    auto options = bench.options({MicroRoubles(15), MicroRoubles(1)});
    options.base_url = "http://127.0.0.1:1/v1";
    openai::OpenAiSpeech nowhere(loop.get_executor(), bench.codec, bench.clock, options);
    const auto failed =
        run(loop, nowhere.synthesize({.text = "Hello", .voice = "nova-en"}, patience));
    EXPECT_TRUE(fails(failed, Kind::down));
    EXPECT_EQ(std::get<ProviderFailure>(failed).cost, MicroRoubles(0));
}

TEST(OpenAiVoices, AreReadFromAList) {
    const auto voices = openai::parse_voices("af_bella:en,ru.anna:ru");
    ASSERT_TRUE(voices) << voices.error().message;
    ASSERT_EQ(voices->size(), 2U);
    EXPECT_EQ((*voices)[0].voice.id, "af_bella-en");
    EXPECT_EQ((*voices)[0].voice.title, "Af_bella (en)");
    EXPECT_EQ((*voices)[1].name, "ru.anna");
    EXPECT_EQ((*voices)[1].voice.id, "ru_anna-ru");
    for (const std::string list :
         {"", "alloy", "alloy:", ":ru", "alloy:rus", "al loy:ru", "alloy:ru,alloy:ru",
          "a-name-that-is-much-too-long-for-a-button:ru", "alloy:ru,,"})
        EXPECT_FALSE(openai::parse_voices(list)) << list;
}

TEST(OpenAiVoices, HaveTheNamesThatServersGiveThem) {
    const auto voices = openai::parse_voices(
        "en_US-amy-medium:en, ru_RU-irina-medium : ru,\taf_bella(2)+af_sky(1):en,a:b:en");
    ASSERT_TRUE(voices) << voices.error().message;
    ASSERT_EQ(voices->size(), 4U);
    EXPECT_EQ((*voices)[0].name, "en_US-amy-medium");
    EXPECT_EQ((*voices)[0].voice.id, "en_US-amy-medium-en");
    EXPECT_EQ((*voices)[1].name, "ru_RU-irina-medium");
    EXPECT_EQ((*voices)[1].voice.language, "ru");
    EXPECT_EQ((*voices)[2].name, "af_bella(2)+af_sky(1)");
    EXPECT_EQ((*voices)[2].voice.id, "af_bella_2__af_sky_1_-en");
    EXPECT_EQ((*voices)[3].name, "a:b");
}

}  // namespace

SpeechFactory openai_speech() {
    return {"openai", [](boost::asio::io_context& loop) {
                auto owner = std::make_shared<Bench>(loop);
                return std::shared_ptr<Speech>(owner, &owner->speech);
            }};
}

}  // namespace mlbilling::test
