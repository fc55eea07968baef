#pragma once

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/yandex_speech.hpp"
#include "integration/http_client/scripted_server.hpp"
#include "ports/loop_call.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::test {

/// Time stands still but for sleepers, for whom it jumps.
class JumpingClock final : public Clock {
  public:
    explicit JumpingClock(boost::asio::io_context& loop) : loop_(loop) {}

    Time now() const override { return now_; }
    Async<void> sleep(Duration span) override {
        boost::asio::steady_timer never(loop_, boost::asio::steady_timer::time_point::max());
        if (!jumps) co_await never.async_wait(boost::asio::use_awaitable);
        co_await boost::asio::post(loop_, boost::asio::use_awaitable);
        now_ += span;
        slept.push_back(span);
    }
    std::unique_ptr<Alarm> ring_after(Duration span, std::function<void()> ring) override {
        struct Jump final : Alarm {
            Jump(boost::asio::io_context& loop, std::function<void()> act)
                : call(loop.get_executor(), std::move(act)) {}
            LoopCall call;
        };
        auto alarm = std::make_unique<Jump>(loop_, [this, span, ring = std::move(ring)] {
            now_ += span;
            slept.push_back(span);
            ring();
        });
        if (jumps) alarm->call.trigger()();
        return alarm;
    }
    void pass(Duration span) { now_ += span; }

    std::vector<Duration> slept;
    /// Else nobody's time ever comes.
    bool jumps = true;

  private:
    boost::asio::io_context& loop_;
    Time now_{std::chrono::sys_days(std::chrono::year(2026) / 9 / 11)};
};

/// Encodes to `encoded:<ms>` and joins with bars.
class FakeCodec final : public AudioCodec {
  public:
    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string, Duration) override {
        co_return UnusableAudio::not_audio;
    }
    Async<std::variant<Recording, UnusableRecording>> examine(Examination) override {
        co_return UnusableRecording{UnusableAudio::not_audio, {}};
    }
    Async<EncodedVoice> encode(SharedSound sound) override {
        const auto length = sound.duration();
        co_return EncodedVoice{"encoded:" + std::to_string(length.count()), length};
    }
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string) override {
        co_return UnusableAudio::damaged;
    }
    Async<std::variant<EncodedVoice, UnusableAudio>> join(
        std::vector<std::string> voices) override {
        if (damaged) co_return UnusableAudio::damaged;
        std::string file;
        for (const auto& voice : voices) file += voice + '|';
        co_return EncodedVoice{file, {}};
    }
    bool damaged = false;
};

/// Everything is free at once; counts what was asked for.
class FreeQuotas final : public Quotas {
  public:
    std::map<std::string, int> reserved;
    Async<Duration> reserve(std::string name, QuotaRate, int count) override {
        reserved[name] += count;
        co_return Duration(0);
    }
    /// How long the turns of those who come are still off, the next one's first.
    std::deque<Duration> turns;
    std::vector<QuotaTurn> taken;
    std::vector<std::string> given_back;
    Async<Duration> take_turn(QuotaTurn turn) override {
        taken.push_back(turn);
        if (turns.empty()) co_return Duration(0);
        const auto wait = turns.front();
        turns.pop_front();
        co_return wait;
    }
    Async<void> give_back_turn(std::string, std::string holder) override {
        given_back.push_back(std::move(holder));
        co_return;
    }
};

/// SpeechKit played by a script, and the adapter that talks to it.
class YandexTest : public testing::Test {
  protected:
    using Kind = ProviderFailure::Kind;

    YandexTest() {
        options.credentials = yandex::ApiKey{"AQVN-key"};
        point_at(server.url());
    }
    ~YandexTest() override { server.stop(); }

    void point_at(const std::string& url) {
        options.synthesis_url = options.recognition_url = options.operation_url = url;
        options.iam_url = options.metadata_url = url;
    }
    yandex::YandexSpeech& speech() {
        if (!speech_)
            speech_ = std::make_unique<yandex::YandexSpeech>(
                loop.get_executor(), yandex::YandexSpeech::Ports{clock, random, codec, quotas},
                options, HttpOptions{});
        return *speech_;
    }
    Provided<SpokenVoice> say(std::string text, std::string voice = "marina", int speed = 100,
                              Duration deadline = Duration(60'000)) {
        return run(loop, speech().synthesize({std::move(text), std::move(voice), speed}, deadline));
    }
    Provided<Transcript> hear(RecognitionRequest request, Duration deadline = Duration(600'000)) {
        return run(loop, speech().recognize(std::move(request), deadline));
    }
    static RecognitionRequest recording(Duration length, std::string file = "OggS user's file") {
        RecognitionRequest request;
        request.sound = Sound{16'000, std::vector<std::int16_t>(
                                          static_cast<std::size_t>(length.count() * 16), 5'000)};
        request.ogg_opus = std::move(file);
        request.language = "ru";
        return request;
    }
    const ScriptedRequest& request(std::size_t at) const { return server.requests().at(at); }
    /// `POST /path` of each request, without its parameters.
    std::vector<std::string> calls() const {
        std::vector<std::string> calls;
        for (const auto& call : server.requests())
            calls.push_back(call.method + ' ' + call.target.substr(0, call.target.find('?')));
        return calls;
    }
    static std::string audio_message(const std::string& bytes) {
        return R"({"result":{"audioChunk":{"data":")" + yandex::base64(bytes) + "\"}}}\n";
    }

    boost::asio::io_context loop{1};
    ScriptedServer::Script script = [](const ScriptedRequest&) {
        return reply_with(200, audio_message("OggS voice"));
    };
    ScriptedServer server{loop, [this](const ScriptedRequest& request) { return script(request); }};
    JumpingClock clock{loop};
    SeededRandom random{1};
    FakeCodec codec;
    FreeQuotas quotas;
    yandex::Options options;

  private:
    std::unique_ptr<yandex::YandexSpeech> speech_;
};

inline std::string file_of(const Provided<SpokenVoice>& provided) {
    if (const auto* failure = std::get_if<ProviderFailure>(&provided))
        return "failure: " + failure->detail;
    return std::get<EncodedVoice>(std::get<SpokenVoice>(provided).audio).ogg_opus;
}

inline MicroRoubles cost_of(const Provided<SpokenVoice>& provided) {
    if (const auto* failure = std::get_if<ProviderFailure>(&provided)) return failure->cost;
    return std::get<SpokenVoice>(provided).bill.cost;
}

inline std::string text_of(const Provided<Transcript>& provided) {
    if (const auto* failure = std::get_if<ProviderFailure>(&provided))
        return "failure: " + failure->detail;
    return std::get<Transcript>(provided).text;
}

inline MicroRoubles cost_of(const Provided<Transcript>& provided) {
    if (const auto* failure = std::get_if<ProviderFailure>(&provided)) return failure->cost;
    return std::get<Transcript>(provided).bill.cost;
}

template <class T>
testing::AssertionResult fails(const Provided<T>& provided, ProviderFailure::Kind kind) {
    const auto* failure = std::get_if<ProviderFailure>(&provided);
    if (failure == nullptr) return testing::AssertionFailure() << "it succeeded";
    if (failure->kind == kind) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "it failed as " << static_cast<int>(failure->kind) << ": " << failure->detail;
}

}  // namespace mlbilling::test
