#include "main/webhook_carrier.hpp"

#include <charconv>
#include <utility>

namespace mlbilling {
namespace {

/// As the real server (telegram.md 1.3).
constexpr Duration longest_wait{60'000};

std::int64_t seconds_in(std::string_view header) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(header.begin(), header.end(), seconds);
    return error == std::errc() && end == header.end() && seconds > 0 ? seconds : 0;
}

}  // namespace

HttpWebhookCarrier::HttpWebhookCarrier(boost::asio::any_io_executor executor)
    : client_(std::move(executor), HttpOptions()) {}

Async<sandbox::WebhookAnswer> HttpWebhookCarrier::carry(std::string url, std::string secret,
                                                        std::string json) {
    HttpCall call;
    call.method = HttpMethod::post;
    call.url = std::move(url);
    call.headers.emplace_back("Content-Type", "application/json");
    if (!secret.empty())
        call.headers.emplace_back("X-Telegram-Bot-Api-Secret-Token", std::move(secret));
    call.body = std::move(json);
    // An update may come twice, and does.
    call.repeatable = true;
    call.deadline = longest_wait;
    const auto result = co_await client_.perform(std::move(call));
    sandbox::WebhookAnswer answer;
    if (result.ok()) {
        answer.status = result->status;
        answer.retry_after = seconds_in(result->header("retry-after"));
    } else {
        answer.failure = result.error().detail;
    }
    co_return answer;
}

}  // namespace mlbilling
