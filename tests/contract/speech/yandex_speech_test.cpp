// The adapter for Yandex SpeechKit against a stand-in that refuses what Yandex refuses, with the
// real codec: what it promises beyond the contract.
#include <gmock/gmock.h>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/yandex/json_web_token.hpp"
#include "adapters/yandex/yandex_speech.hpp"
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

class FreeQuotas final : public Quotas {
  public:
    Async<Duration> reserve(std::string, QuotaRate, int) override { co_return Duration(0); }
    Async<Duration> take_turn(QuotaTurn) override { co_return Duration(0); }
    Async<void> give_back_turn(std::string, std::string) override { co_return; }
};

/// The adapter, and the server that it talks to, on one loop.
struct Bench {
    explicit Bench(boost::asio::io_context& on)
        : loop(on),
          clock(on.get_executor()),
          // No provider answers before its caller has a chance to think better of it.
          server(on.get_executor(), clock, random,
                 {.credentials = {}, .settings = {}, .latency = {20ms, 0ms}}) {
        options.credentials = yandex::ApiKey{"standin-key"};
        options.synthesis_url = options.recognition_url = options.operation_url = server.url();
        options.iam_url = options.metadata_url = server.url();
    }

    Speech& speech() {
        if (!made)
            made = std::make_unique<yandex::YandexSpeech>(
                loop.get_executor(), yandex::YandexSpeech::Ports{clock, random, codec, quotas},
                options, HttpOptions{});
        return *made;
    }

    boost::asio::io_context& loop;
    SystemClock clock;
    SeededRandom random{1};
    child_process::ChildProcesses children{2};
    audio::LocalAudioCodec codec{children, {}};
    FreeQuotas quotas;
    standin::ProviderStandin server;
    yandex::Options options;
    std::unique_ptr<yandex::YandexSpeech> made;
};

class YandexSpeech : public testing::Test {
  public:
    Provided<SpokenVoice> speak(std::string text, std::string voice = "marina", int speed = 100) {
        return run(loop,
                   bench.speech().synthesize({std::move(text), std::move(voice), speed}, patience));
    }
    Provided<Transcript> recognise(Duration length, std::string operation = "") {
        Sound sound;
        for (std::int64_t i = 0; i < length.count() * 16; ++i)
            sound.samples.push_back(i / 40 % 2 == 0 ? 8'000 : -8'000);
        RecognitionRequest request;
        request.sound = std::move(sound);
        request.language = "ru";
        request.operation = std::move(operation);
        request.on_operation = [this](std::string id) { return note(std::move(id)); };
        return run(loop, bench.speech().recognize(std::move(request), patience));
    }
    /// What the worker makes of a voice before it may be charged for.
    InspectedVoice inspected(const Provided<SpokenVoice>& spoken) {
        const auto& voice = std::get<EncodedVoice>(std::get<SpokenVoice>(spoken).audio);
        auto found = run(loop, bench.codec.inspect(voice.ogg_opus));
        if (auto* intact = std::get_if<InspectedVoice>(&found)) return std::move(*intact);
        ADD_FAILURE() << "unusable";
        return {};
    }
    void fault(Endpoint endpoint, Fault::Kind kind) {
        bench.server.faults.add({.endpoint = endpoint, .kind = kind}, 1);
    }
    static std::string sentences(int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += "Это предложение говорят вслух. ";
        return text;
    }

    boost::asio::io_context loop;
    Bench bench{loop};
    std::vector<std::string> operations;

  private:
    Async<void> note(std::string id) {
        operations.push_back(std::move(id));
        co_return;
    }
};

TEST_F(YandexSpeech, ALongTextBecomesOneVoiceThatPlaysAsLongAsAllOfIt) {
    const auto spoken = speak(sentences(40));
    const auto voice = inspected(spoken).voice;
    const auto sound = value_of(heard(spoken));
    EXPECT_EQ(sound.duration(), voice.duration);
    // 60 ms a character, and a little at each seam.
    EXPECT_NEAR(static_cast<double>(voice.duration.count()), 40.0 * 31 * 60, 600);
    EXPECT_FALSE(inspected(spoken).silent);
    EXPECT_EQ(std::get<SpokenVoice>(spoken).bill.cost.value() % 162'600, 0);
}

TEST_F(YandexSpeech, UnsafeModesChainedStreamsBecomeOneToo) {
    bench.options.unsafe_mode = true;
    const auto spoken = speak(sentences(40));
    const auto voice = inspected(spoken).voice;
    EXPECT_EQ(voice.ogg_opus.find("OpusHead", voice.ogg_opus.find("OpusHead") + 1),
              std::string::npos);
    EXPECT_NEAR(static_cast<double>(voice.duration.count()), 40.0 * 31 * 60, 600);
    EXPECT_THAT(bench.server.record.summary(), HasSubstr(R"("synthesis_v3":1)"));
}

TEST_F(YandexSpeech, EveryVoiceIsAcceptedByTheApiThatSaysToHaveIt) {
    for (const auto api : {yandex::SynthesisApi::v3, yandex::SynthesisApi::v1}) {
        bench.options.synthesis = api;
        bench.made.reset();
        for (const auto& voice : bench.speech().voices())
            EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир", voice.id)))
                << voice.id;
    }
    for (const auto* voice : {"marina-whisper", "jane-evil", "masha-strict", "naomi-modern"})
        EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир", voice))) << voice;
}

TEST_F(YandexSpeech, TheSlowestVoiceStaysBelowTheLimitOfTime) {
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak(sentences(30), "marina", 50)));
}

TEST_F(YandexSpeech, SilenceIsFoundBeforeAnyoneIsCharged) {
    fault(Endpoint::synthesis_v3, Fault::Kind::silence);
    EXPECT_TRUE(inspected(speak("Привет, мир")).silent);
}

TEST_F(YandexSpeech, EveryTroubleOfASynthesisHasItsKind) {
    const std::vector<std::pair<Fault::Kind, Kind>> troubles{
        {Fault::Kind::unauthenticated, Kind::misconfigured},
        {Fault::Kind::forbidden, Kind::misconfigured},
        {Fault::Kind::too_many, Kind::busy},
        {Fault::Kind::internal, Kind::down},
        {Fault::Kind::unavailable, Kind::down},
        {Fault::Kind::gateway_timeout, Kind::down},
        {Fault::Kind::truncated, Kind::down},
        {Fault::Kind::error_line, Kind::down},
        {Fault::Kind::empty, Kind::down},
        {Fault::Kind::dropped, Kind::down},
        {Fault::Kind::dropped_after, Kind::down}};
    for (const auto& [trouble, kind] : troubles) {
        fault(Endpoint::synthesis_v3, trouble);
        EXPECT_TRUE(fails(speak("Привет, мир"), kind)) << standin::name_of(trouble);
    }
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
}

TEST_F(YandexSpeech, ShortRecordingsAreReadAtOnce) {
    EXPECT_THAT(value_of(recognise(29'500ms)).text, HasSubstr("запись 29500 миллисекунд"));
    EXPECT_THAT(bench.server.record.summary(), HasSubstr(R"("recognition_v1":1)"));
    EXPECT_TRUE(operations.empty());
}

TEST_F(YandexSpeech, LongRecordingsAreReadByAnOperationAndRemoved) {
    const auto read = value_of(recognise(31s));
    EXPECT_THAT(read.text, HasSubstr("Запись 31000 миллисекунд"));
    EXPECT_EQ(read.bill.cost, MicroRoubles(31 * 10'100));
    EXPECT_EQ(operations.size(), 1U);
    const auto calls = bench.server.record.summary();
    EXPECT_THAT(calls, HasSubstr(R"("recognition_v3":1)"));
    EXPECT_THAT(calls, HasSubstr(R"("removal":1)"));
}

TEST_F(YandexSpeech, AnOperationThatFailedIsBegunAnewByTheNextAttempt) {
    fault(Endpoint::recognition_v3, Fault::Kind::failed_operation);
    const auto failed = recognise(31s);
    ASSERT_TRUE(std::holds_alternative<ProviderFailure>(failed));
    ASSERT_EQ(operations.size(), 1U);
    EXPECT_THAT(value_of(recognise(31s, operations.front())).text, HasSubstr("31000"));
    EXPECT_EQ(operations.size(), 2U);
}

TEST_F(YandexSpeech, AServiceAccountsKeyOpensTheDoor) {
    bench.options.credentials =
        *yandex::parse_service_account_key(bench.server.tokens.account().key_file());
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
    EXPECT_THAT(bench.server.record.summary(), HasSubstr(R"("token":1)"));
    bench.server.access.expire_tokens();
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
}

TEST_F(YandexSpeech, SoDoAUsersTokenWithAFolderAndTheMetadataService) {
    bench.options.credentials = yandex::OAuthToken{"standin-oauth"};
    EXPECT_TRUE(fails(speak("Привет, мир"), Kind::misconfigured));
    bench.made.reset();
    bench.options.folder = "standin-folder";
    for (const auto api : {yandex::SynthesisApi::v3, yandex::SynthesisApi::v1}) {
        bench.options.synthesis = api;
        bench.made.reset();
        EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
    }
    EXPECT_THAT(value_of(recognise(3s)).text, HasSubstr("запись"));
    bench.options.credentials = yandex::MetadataService{};
    bench.made.reset();
    EXPECT_TRUE(std::holds_alternative<SpokenVoice>(speak("Привет, мир")));
}

}  // namespace

SpeechFactory yandex_speech() {
    return {"yandex", [](boost::asio::io_context& loop) {
                auto owner = std::make_shared<Bench>(loop);
                return std::shared_ptr<Speech>(owner, &owner->speech());
            }};
}

}  // namespace mlbilling::test
