#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <vector>

#include "adapters/child_process/child_process.hpp"
#include "adapters/http_client/http_client.hpp"
#include "cascade/speech_cascade.hpp"
#include "main/speech_config.hpp"
#include "ports/audio.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/quotas.hpp"
#include "ports/random.hpp"
#include "ports/speech.hpp"

namespace mlbilling {

/// The providers of SPEECH_PROVIDER, and what puts several of them in order.
class SpeechEngines {
  public:
    struct Outside {
        boost::asio::any_io_executor loop;
        Clock& clock;
        Random& random;
        child_process::ChildProcesses& children;
        AudioCodec& codec;
        Quotas& quotas;
        Metrics& metrics;
        HttpOptions http;
    };
    SpeechEngines(const SpeechConfig& config, const Outside& outside);
    ~SpeechEngines();
    SpeechEngines(const SpeechEngines&) = delete;
    SpeechEngines& operator=(const SpeechEngines&) = delete;

    /// Where tasks go.
    Speech& speech();
    /// Each by itself, in order: for doctor.
    const std::vector<std::unique_ptr<Speech>>& providers() const { return providers_; }

  private:
    void add(const std::string& name, const SpeechConfig& config, const Outside& outside);

    std::vector<std::unique_ptr<Speech>> providers_;
    std::vector<CascadeMember> members_;
    std::unique_ptr<SpeechCascade> cascade_;
};

}  // namespace mlbilling
