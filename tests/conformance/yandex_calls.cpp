// Makes every kind of call that the adapter for Yandex SpeechKit can make, so that a stand-in can
// record what is really sent: yandex_calls <url of the stand-in>. Exit 1 when one fails.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cmath>
#include <iostream>
#include <numbers>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "adapters/yandex/yandex_speech.hpp"

namespace mlbilling {
namespace {

constexpr Duration patience{60'000};

class NoQuotas final : public Quotas {
  public:
    Async<Duration> reserve(std::string, QuotaRate, int) override { co_return Duration(0); }
    Async<Duration> take_turn(QuotaTurn) override { co_return Duration(0); }
    Async<void> give_back_turn(std::string, std::string) override { co_return; }
};

Async<void> forget(std::string) { co_return; }

Sound tone(int seconds) {
    Sound sound;
    for (int i = 0; i < seconds * sound.sample_rate; ++i)
        sound.samples.push_back(static_cast<std::int16_t>(
            8'000 * std::sin(2 * std::numbers::pi * 440 * i / sound.sample_rate)));
    return sound;
}

std::string sentences(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "Это предложение говорят вслух: 2 + 2 = *4*. ";
    return text;
}

template <class Answer>
void expect_success(const Provided<Answer>& answer, const char* what) {
    const auto* failure = std::get_if<ProviderFailure>(&answer);
    if (failure != nullptr) throw std::runtime_error(std::string(what) + ": " + failure->detail);
}

// The provider outlives the loop.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<void> call_all(Speech& speech) {
    for (const auto& voice : speech.voices()) {
        SynthesisRequest request{.text = "Привет", .voice = voice.id};
        const auto spoken = co_await speech.synthesize(std::move(request), patience);
        expect_success(spoken, "a voice");
    }
    for (const int speed : {50, 100, 200}) {
        SynthesisRequest request{.text = sentences(15), .voice = "marina", .speed_percent = speed};
        const auto spoken = co_await speech.synthesize(std::move(request), patience);
        expect_success(spoken, "a long text");
    }
    for (const auto& language : speech.recognised_languages()) {
        RecognitionRequest request;
        request.sound = tone(2);
        request.language = language;
        request.on_operation = forget;
        const auto heard = co_await speech.recognize(std::move(request), patience);
        expect_success(heard, "a recording");
    }
    RecognitionRequest request;
    request.sound = tone(40);
    request.language = "ru";
    request.on_operation = forget;
    const auto heard = co_await speech.recognize(std::move(request), patience);
    expect_success(heard, "a long recording");
}

void run(const std::string& url) {
    boost::asio::io_context loop(1);
    SystemClock clock(loop.get_executor());
    SystemRandom random;
    child_process::ChildProcesses children(1);
    audio::LocalAudioCodec codec(children, {});
    NoQuotas quotas;
    for (const bool unsafe : {false, true}) {
        yandex::Options options;
        options.credentials = yandex::ApiKey{"standin-key"};
        options.unsafe_mode = unsafe;
        options.recognition = yandex::RecognitionApi::v3;
        options.synthesis_url = options.recognition_url = options.operation_url = url;
        yandex::YandexSpeech speech(loop.get_executor(), {clock, random, codec, quotas}, options,
                                    HttpOptions{});
        std::exception_ptr failure;
        boost::asio::co_spawn(loop, call_all(speech), [&](const std::exception_ptr& error) {
            failure = error;
            loop.stop();
        });
        loop.restart();
        loop.run();
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace
}  // namespace mlbilling

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: yandex_calls URL\n";
        return 2;
    }
    try {
        mlbilling::run(argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "yandex_calls: " << error.what() << '\n';
        return 1;
    }
}
