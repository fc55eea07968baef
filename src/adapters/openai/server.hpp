#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "adapters/openai/options.hpp"

namespace mlbilling::openai {

/// The server's methods as HTTP calls, with the key and the address.
class Server {
  public:
    Server(boost::asio::any_io_executor executor, const Options& options)
        : client_(std::move(executor), options.http),
          base_url_(options.base_url),
          api_key_(options.api_key) {}

    /// `path` is appended to the base URL.
    Async<HttpResult> post_json(std::string path, std::string body, Duration deadline);
    Async<HttpResult> post_form(std::string path, std::vector<HttpPart> parts, Duration deadline);

  private:
    HttpCall call_of(const std::string& path, Duration deadline) const;

    HttpClient client_;
    std::string base_url_;
    std::string api_key_;
};

}  // namespace mlbilling::openai
