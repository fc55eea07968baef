#include "adapters/openai/server.hpp"

#include <algorithm>

#include "adapters/openai/failures.hpp"

namespace mlbilling::openai {
namespace {

/// 20 minutes of uncompressed speech at 24 kHz.
constexpr std::size_t largest_answer = std::size_t{60} << 20U;
constexpr Duration connecting{10'000};

}  // namespace

HttpCall Server::call_of(const std::string& path, Duration deadline) const {
    HttpCall call;
    call.method = HttpMethod::post;
    call.url = base_url_ + path;
    if (!api_key_.empty()) call.headers.emplace_back("Authorization", "Bearer " + api_key_);
    call.deadline = std::max(deadline, Duration(1));
    call.connect_deadline = std::min(call.deadline, connecting);
    call.largest_response = largest_answer;
    return call;
}

Async<HttpResult> Server::post_json(std::string path, std::string body, Duration deadline) {
    auto call = call_of(path, deadline);
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = std::move(body);
    co_return co_await client_.perform(std::move(call));
}

Async<HttpResult> Server::post_form(std::string path, std::vector<HttpPart> parts,
                                    Duration deadline) {
    auto call = call_of(path, deadline);
    call.parts = std::move(parts);
    co_return co_await client_.perform(std::move(call));
}

ProviderFailure Server::failure_of(const HttpAnswer& answer) const {
    return openai::failure_of(answer, clock_.now());
}

}  // namespace mlbilling::openai
