#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "adapters/yandex/options.hpp"
#include "adapters/yandex/token_source.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// One request to SpeechKit or to its operations.
struct KitCall {
    HttpMethod method = HttpMethod::post;
    std::string url;
    std::string content_type;
    std::string body;
    std::vector<HttpPart> parts;
    std::size_t largest_answer = std::size_t{1} << 20;
    /// Whether Yandex may see it twice without taking money twice.
    bool repeatable = false;
};

/// Why there is no answer of 200.
struct KitFailure {
    ProviderFailure failure;
    int status = 0;
    /// Yandex may have done the work all the same, and may take money for it.
    bool may_be_billed = false;
};

using KitAnswer = std::variant<HttpAnswer, KitFailure>;

/// Speaks HTTP with SpeechKit: authorised, with a folder where one is configured and an id by which
/// Yandex's support finds the request.
class SpeechKit {
  public:
    SpeechKit(HttpClient& http, Clock& clock, Random& random, const Options& options)
        : http_(http),
          clock_(clock),
          random_(random),
          options_(options),
          tokens_(http, clock, options) {}

    Async<KitAnswer> call(KitCall call, Time deadline);

  private:
    struct Exchange {
        KitAnswer answer;
        std::string authorization;
    };
    Async<Exchange> exchange(KitCall call, Time deadline);
    HttpCall http_call(KitCall call, std::string authorization, std::string id,
                       Duration left) const;
    std::string request_id();

    HttpClient& http_;
    Clock& clock_;
    Random& random_;
    const Options& options_;
    TokenSource tokens_;
};

}  // namespace mlbilling::yandex
