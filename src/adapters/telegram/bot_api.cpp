#include "adapters/telegram/bot_api.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <utility>

#include "adapters/telegram/bot_token.hpp"
#include "adapters/telegram/failures.hpp"
#include "adapters/telegram/reply.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_answer = std::size_t{1} << 20;
/// The server cuts a batch at about 4 MiB (telegram.md 1.2).
constexpr std::size_t largest_batch = std::size_t{16} << 20;
constexpr std::size_t bytes_per_second = 100'000;
constexpr Duration longest_transfer{120'000};

TelegramOptions checked(TelegramOptions options) {
    CHECK(bot_id_of(options.token).has_value());
    while (options.api_base.ends_with('/')) options.api_base.pop_back();
    while (options.file_base.ends_with('/')) options.file_base.pop_back();
    if (options.file_base.empty()) options.file_base = options.api_base + "/file";
    return options;
}

HttpOptions http_options(const TelegramOptions& options) {
    HttpOptions http;
    http.proxy = options.proxy;
    http.proxy_of_plain_http = options.proxy_of_plain_http;
    http.no_proxy = options.no_proxy;
    http.authorities_file = options.authorities_file;
    return http;
}

/// What a slow but honest connection needs for that many bytes on top of a call's usual deadline.
Duration transfer_deadline(Duration usual, std::size_t bytes) {
    const auto seconds = static_cast<std::int64_t>(bytes / bytes_per_second);
    return std::min(usual + Duration(seconds * 1000), std::max(usual, longest_transfer));
}

std::string key_of(const BotCall& call) {
    return call.chat ? std::to_string(call.chat->value()) : std::string(call.method);
}

}  // namespace

BotApi::BotApi(boost::asio::any_io_executor executor, Clock& clock, Metrics& metrics,
               TelegramOptions options)
    : clock_(clock),
      metrics_(metrics),
      options_(checked(std::move(options))),
      poll_client_(executor, http_options(options_)),
      call_client_(executor, http_options(options_)) {}

HttpCall BotApi::to_http(BotCall& call) const {
    HttpCall request;
    request.method = HttpMethod::post;
    request.url = options_.api_base + "/bot" + options_.token + "/" + std::string(call.method);
    request.repeatable = call.repeatable;
    request.largest_response = largest_answer;
    std::size_t bytes = call.content ? call.content->size() : 0;
    for (const auto& part : call.parts) bytes += part.bytes.size();
    request.deadline = transfer_deadline(options_.call_deadline, bytes);
    if (call.parts.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = std::move(call.json);
    } else {
        request.parts = std::move(call.parts);
    }
    return request;
}

Async<Outcome<json::value>> BotApi::call(BotCall call) {
    auto request = to_http(call);
    co_return co_await carry(std::move(call), std::move(request), &call_client_);
}

Async<Outcome<json::value>> BotApi::poll(BotCall call) {
    auto request = to_http(call);
    request.deadline = call.server_waits + options_.poll_margin;
    request.largest_response = largest_batch;
    request.fresh_connection = last_poll_failed_;
    // Until the answer is here: a poll that is cancelled has failed as well.
    last_poll_failed_ = true;
    auto outcome = co_await carry(std::move(call), std::move(request), &poll_client_);
    last_poll_failed_ = !outcome.ok();
    co_return outcome;
}

Async<Outcome<json::value>> BotApi::carry(BotCall call, HttpCall request, HttpClient* client) {
    const auto key = key_of(call);
    const auto remaining = co_await wait_out(key, call.may_wait);
    if (remaining > Duration::zero()) co_return held_back(call.method, remaining);
    const auto answer = co_await client->perform(std::move(request), std::move(call.content));
    if (!answer.ok()) co_return noted(call.method, key, error_for(answer.error()));
    auto outcome = client == &poll_client_ ? read_poll_reply(*answer) : read_reply(*answer);
    if (!outcome.ok()) co_return noted(call.method, key, outcome.error());
    metrics_.telegram_called(call.method, "ok");
    co_return outcome;
}

Async<Duration> BotApi::wait_out(std::string key, bool may_wait) {
    Duration waited{};
    for (;;) {
        const auto remaining = hold_off_.remaining(key, clock_.now());
        const bool too_long = !may_wait || waited + remaining > options_.longest_wait;
        if (remaining == Duration::zero() || too_long) co_return remaining;
        co_await clock_.sleep(remaining);
        waited += remaining;
    }
}

Error BotApi::held_back(std::string_view method, Duration remaining) {
    metrics_.telegram_called(method, "held_back");
    Error error;
    error.failure = Failure::too_many_requests;
    error.description = "held back until Telegram's retry_after has passed";
    error.retry_after = remaining;
    return error;
}

Error BotApi::noted(std::string_view method, const std::string& key, Error error) {
    error.description = without_token(std::move(error.description), options_.token);
    metrics_.telegram_called(method, to_string(error.failure));
    if (error.failure == Failure::too_many_requests) {
        const auto now = clock_.now();
        hold_off_.hold(key, now + error.retry_after, now);
    }
    log::debug("Telegram refused a call", {{"method", method},
                                           {"failure", to_string(error.failure)},
                                           {"description", error.description}});
    return error;
}

Async<Outcome<std::string>> BotApi::download(RemoteFile file, std::size_t largest) {
    const std::string method = "download";
    const auto remaining = co_await wait_out(method, true);
    if (remaining > Duration::zero()) co_return held_back(method, remaining);
    const auto expected = file.size ? static_cast<std::size_t>(*file.size) : largest;
    HttpCall request;
    request.url = options_.file_base + "/bot" + options_.token + "/" + file.path;
    request.repeatable = true;
    request.largest_response = largest;
    request.deadline = transfer_deadline(options_.call_deadline, std::min(expected, largest));
    auto answer = co_await call_client_.perform(std::move(request));
    if (!answer.ok()) {
        auto error = error_for(answer.error());
        if (answer.error().kind == HttpFailure::Kind::too_large) error.failure = Failure::too_large;
        co_return noted(method, method, std::move(error));
    }
    if (answer->status == 200) {
        metrics_.telegram_called(method, "ok");
        co_return std::move(answer->body);
    }
    auto error = unreadable("file");
    if (const auto reply = read_reply(*answer); !reply.ok()) error = reply.error();
    // Here it is the file that is not found: the link has run out.
    if (answer->status == 404 || answer->status == 410) error.failure = Failure::file_unavailable;
    co_return noted(method, method, std::move(error));
}

}  // namespace mlbilling::telegram
