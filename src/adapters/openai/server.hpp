#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "adapters/openai/options.hpp"
#include "ports/clock.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// The server's methods as HTTP calls, with the key and the address.
class Server {
  public:
    Server(boost::asio::any_io_executor executor, Clock& clock, const Options& options)
        : clock_(clock),
          client_(std::move(executor), options.http),
          base_url_(options.base_url),
          api_key_(options.api_key) {}

    /// `path` is appended to the base URL.
    Async<HttpResult> post_json(std::string path, std::string body, Duration deadline);
    Async<HttpResult> post_form(std::string path, std::vector<HttpPart> parts, Duration deadline);

    /// What an answer that came just now and is not 200 means.
    ProviderFailure failure_of(const HttpAnswer& answer) const;

  private:
    HttpCall call_of(const std::string& path, Duration deadline) const;

    Clock& clock_;
    HttpClient client_;
    std::string base_url_;
    std::string api_key_;
};

}  // namespace mlbilling::openai
