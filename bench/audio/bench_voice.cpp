// What a voice message costs before it goes to the provider, in CPU time of the whole process: as
// Ogg/Opus that is measured and listened to, and decoded for a provider that takes samples.
// usage: bench_voice [options of Google Benchmark]
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "stack/scripted_voices.hpp"

namespace mlbilling::bench {
namespace {

/// The number of a recording of some three seconds, and of fifteen.
std::int64_t number_of(Duration length) {
    std::int64_t number = 0;
    while (ScriptedVoices::length_of(number) / 100 != length / 100) ++number;
    return number;
}

/// As a worker does, all but the calls to others.
Async<void> examine(AudioCodec* codec, std::string file, bool decode) {
    Examination request{std::move(file), Duration(60'000), "1", {}};
    auto found = co_await codec->examine(std::move(request));
    auto& recording = std::get<Recording>(found);
    bool silent = co_await recording.sound.is_silent();
    benchmark::DoNotOptimize(silent);
    if (!decode) co_return;
    auto samples = co_await recording.sound.samples();
    benchmark::DoNotOptimize(samples);
}

void measure(benchmark::State& state, bool decode) {
    static const ScriptedVoices voices;
    const auto file = voices.file_of(number_of(std::chrono::seconds(state.range(0))));
    boost::asio::io_context loop(1);
    child_process::ChildProcesses children{1};
    audio::LocalAudioCodec codec(children, {});
    for (auto _ : state) {
        std::exception_ptr failure;
        boost::asio::co_spawn(loop, examine(&codec, file, decode),
                              [&](std::exception_ptr error) { failure = std::move(error); });
        loop.restart();
        loop.run();
        if (failure) std::rethrow_exception(failure);
    }
}

void listened_to(benchmark::State& state) { measure(state, false); }
void decoded(benchmark::State& state) { measure(state, true); }

BENCHMARK(listened_to)->Arg(3)->Arg(15)->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(decoded)->Arg(3)->Arg(15)->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mlbilling::bench

BENCHMARK_MAIN();
