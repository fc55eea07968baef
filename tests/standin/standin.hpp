#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "adapters/http_server/http_server.hpp"
#include "standin/access.hpp"
#include "standin/faults.hpp"
#include "standin/latency.hpp"
#include "standin/openai.hpp"
#include "standin/quotas.hpp"
#include "standin/record.hpp"
#include "standin/settings.hpp"
#include "standin/tokens.hpp"
#include "standin/tones.hpp"
#include "standin/yandex_recognition.hpp"
#include "standin/yandex_synthesis.hpp"

namespace mlbilling::standin {

/// Plays Yandex SpeechKit and an OpenAI-compatible server on one port. It says what they say, as
/// far as that is known (yandex.md), refuses what they refuse, and can be told to misbehave:
/// `/control`, see control.hpp. Its members are there for tests that run it on their own loop.
class ProviderStandin {
  public:
    struct Options {
        std::string host = "127.0.0.1";
        /// 0: any free port.
        std::uint16_t port = 0;
        Credentials credentials;
        Settings settings;
        /// See set_latency().
        Latency latency;
    };

    ProviderStandin(boost::asio::any_io_executor executor, Clock& clock, Random& random,
                    Options options);

    std::uint16_t port() const { return server_.port(); }
    /// `http://127.0.0.1:port`.
    std::string url() const;
    Async<void> stop() { return server_.stop(Duration(0)); }
    /// Of every endpoint that has none of its own in `latencies`.
    void set_latency(Latency latency) { latency_ = latency; }

    Settings settings;
    Faults faults;
    Record record;
    Access access;
    Tokens tokens;
    std::map<Endpoint, Latency> latencies;

  private:
    Async<HttpResponse> answer(HttpRequest request);
    Async<HttpResponse> answer_call(Call call);
    HttpResponse carried_out(Call& call);
    Duration delay_of(const Call& call);
    void note(const Call& call, const HttpResponse& response, const std::optional<Fault>& fault);
    std::string uuid();

    std::string host_;
    Clock& clock_;
    Latency latency_;
    /// For what need not be unguessable.
    std::mt19937_64 dice_{1};
    Tones tones_;
    Quotas quotas_;
    YandexSynthesis synthesis_;
    YandexRecognition recognition_;
    OpenAi openai_;
    HttpServer server_;
};

}  // namespace mlbilling::standin
