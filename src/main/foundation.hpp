#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "main/config.hpp"
#include "main/open_store.hpp"
#include "main/speech_engines.hpp"
#include "ports/results.hpp"
#include "ports/store/store.hpp"

namespace mlbilling {

/// What every process of an installation stands on, as the configuration chooses it: the loop, the
/// database, the results, the sound and the speech. The configuration outlives it.
struct Foundation {
    /// Throws what stops the start.
    Foundation(const Config& configuration, Schema schema);
    ~Foundation();
    Foundation(const Foundation&) = delete;
    Foundation& operator=(const Foundation&) = delete;

    const Config& config;
    boost::asio::io_context loop{1};
    SystemClock clock;
    SystemRandom random;
    prometheus_text::PrometheusMetrics metrics;
    std::unique_ptr<Store> store;
    std::unique_ptr<ResultStore> results;
    child_process::ChildProcesses children;
    audio::LocalAudioCodec codec;
    SpeechEngines engines;
};

}  // namespace mlbilling
