#include "adapters/s3/bucket.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/s3/open_object.hpp"
#include "adapters/s3/url_encoding.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "domain/retry.hpp"

namespace mlbilling::s3 {
namespace {

constexpr int attempts = 4;
constexpr Duration call_deadline{15'000};
constexpr Duration longest_transfer{120'000};
constexpr std::size_t bytes_per_second = 200'000;
/// 1,000 objects with keys of 1,024 bytes, all of them written as entities.
constexpr std::size_t largest_listing = std::size_t{16} << 20;

std::string sha256_in_hex(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    SHA256(bytes, text.size(), digest.data());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto byte : digest) {
        hex += digits[byte >> 4U];
        hex += digits[byte & 0xfU];
    }
    return hex;
}

/// Bytes of the object that this is the beginning of, by its Content-Length.
std::size_t announced_size(const HttpAnswer& answer) {
    const auto text = answer.header("content-length");
    std::size_t size = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
        throw Unavailable("result store: S3 does not say how long an object is");
    return size;
}

/// The answer so far: all of it when it is an error.
Async<HttpResult> first_piece(HttpDownload* download) {
    auto piece = co_await download->read();
    if (!piece.ok()) co_return piece.error();
    HttpAnswer answer;
    answer.status = download->status();
    answer.headers.emplace_back("content-length", download->header("content-length"));
    answer.body = std::move(*piece);
    co_return answer;
}

/// What a slow but honest connection needs for that many bytes.
Duration deadline_for(std::size_t bytes) {
    const auto seconds = static_cast<std::int64_t>(bytes / bytes_per_second);
    return std::min(call_deadline + Duration(seconds * 1'000), longest_transfer);
}

/// One clear sentence for the operator: what, where, how to mend it.
std::string refusal(int status, const std::string& code, const S3Options& options) {
    auto text = "result store: S3 answers " + std::to_string(status) +
                (code.empty() ? "" : " " + code) + " for bucket " + options.bucket;
    if (status == 403 || status == 401)
        text += "; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do there";
    else if (status == 404)
        text += "; check that the bucket of RESULT_STORE_URL exists";
    else if (status == 301 || status == 307 || status == 400)
        text += "; check endpoint and region of RESULT_STORE_URL";
    return text;
}

}  // namespace

Bucket::Bucket(boost::asio::any_io_executor executor, Clock& clock, Random& random,
               S3Options options, HttpOptions http)
    : clock_(clock),
      random_(random),
      options_(std::move(options)),
      address_(bucket_address(options_)),
      client_(std::move(executor), std::move(http)) {
    log::redact(options_.secret_access_key);
    log::redact(options_.session_token);
}

Async<void> Bucket::put(std::string key, std::string bytes) {
    Request request;
    request.method = HttpMethod::put;
    request.path_and_query = "/" + url_encoded(key, "/");
    request.body = std::make_shared<const std::string>(std::move(bytes));
    const auto answer = co_await perform(std::move(request));
    if (answer.status != 200) throw Unavailable(refusal(answer.status, "", options_));
}

Async<std::unique_ptr<ByteSource>> Bucket::open(std::string key, std::size_t largest) {
    Request request;
    request.path_and_query = "/" + url_encoded(key, "/");
    request.largest_answer = largest;
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        co_await wait_before(attempt);
        auto call = to_call(request);
        call.fresh_connection = attempt > 1;
        // Whoever takes the pieces may be slow.
        call.stall_deadline = call_deadline;
        call.deadline = longest_transfer;
        auto download = co_await client_.open(std::move(call));
        auto first = download.ok() ? co_await first_piece(&*download) : download.error();
        const auto answer = usable(std::move(first), &why);
        if (!answer) continue;
        if (answer->status == 404) co_return nullptr;
        const auto size = announced_size(*answer);
        co_return std::make_unique<OpenObject>(std::move(*download), size, answer->body);
    }
    throw Unavailable(why);
}

Async<std::optional<std::size_t>> Bucket::size_of(std::string key) {
    Request request;
    request.method = HttpMethod::head;
    request.path_and_query = "/" + url_encoded(key, "/");
    const auto answer = co_await perform(std::move(request));
    if (answer.status == 404) co_return std::nullopt;
    co_return announced_size(answer);
}

Async<void> Bucket::remove(std::string key) {
    Request request;
    request.method = HttpMethod::remove;
    request.path_and_query = "/" + url_encoded(key, "/");
    co_await perform(std::move(request));
}

Async<Listing> Bucket::list(std::string prefix, std::string continuation) {
    Request request;
    // In the order of the names, as the signature wants it.
    request.path_and_query = "?";
    if (!continuation.empty())
        request.path_and_query += "continuation-token=" + url_encoded(continuation) + "&";
    request.path_and_query += "list-type=2&prefix=" + url_encoded(prefix);
    request.largest_answer = largest_listing;
    const auto answer = co_await perform(std::move(request));
    auto listing = answer.status == 200 ? read_listing(answer.body) : std::nullopt;
    if (!listing) throw Unavailable("result store: S3's list of objects cannot be read");
    co_return std::move(*listing);
}

Async<void> Bucket::wait_before(int attempt) {
    const RetryPolicy policy{
        .max_attempts = attempts, .base = Duration(200), .cap = Duration(5'000)};
    if (attempt > 1) co_await clock_.sleep(backoff(policy, attempt - 1, random_.next()));
}

Async<HttpAnswer> Bucket::perform(Request request) {
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        co_await wait_before(attempt);
        auto call = to_call(request);
        call.fresh_connection = attempt > 1;
        std::unique_ptr<ByteSource> content;
        if (request.method == HttpMethod::put) content = std::make_unique<HeldBytes>(request.body);
        auto result = co_await client_.perform(std::move(call), std::move(content));
        auto answer = usable(std::move(result), &why);
        if (answer) co_return std::move(*answer);
    }
    throw Unavailable(why);
}

std::optional<HttpAnswer> Bucket::usable(HttpResult result, std::string* why) const {
    if (!result.ok()) {
        *why = "result store: S3 does not answer: " + result.error().detail;
        if (result.error().kind == HttpFailure::Kind::too_large) throw Unavailable(*why);
        return std::nullopt;
    }
    const int status = result->status;
    if (status >= 200 && status < 300) return std::move(*result);
    const auto code = read_error_code(result->body);
    // Only GET may find nothing; some servers answer without a document.
    if (status == 404 && (code.empty() || code == "NoSuchKey")) return std::move(*result);
    *why = refusal(status, code, options_);
    const bool may_pass = status >= 500 || status == 429 || status == 408 || code == "SlowDown" ||
                          code == "RequestTimeout" || code == "OperationAborted";
    if (!may_pass) throw Unavailable(*why);
    return std::nullopt;
}

HttpCall Bucket::to_call(const Request& request) const {
    HttpCall call;
    call.method = request.method;
    call.url = address_ + request.path_and_query;
    call.repeatable = true;
    call.largest_response = request.largest_answer;
    call.deadline = deadline_for(std::max(request.body->size(), request.largest_answer / 4));
    // libcurl signs it because it is given here; S3 compares it with what arrives.
    call.headers.emplace_back("x-amz-content-sha256", sha256_in_hex(*request.body));
    if (!options_.session_token.empty())
        call.headers.emplace_back("x-amz-security-token", options_.session_token);
    if (request.method == HttpMethod::put)
        call.headers.emplace_back("Content-Type", "application/octet-stream");
    call.aws_signing =
        AwsSigning{options_.region, "s3", options_.access_key_id, options_.secret_access_key};
    return call;
}

}  // namespace mlbilling::s3
