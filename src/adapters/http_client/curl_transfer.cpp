#include "adapters/http_client/curl_transfer.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>
#include <utility>

#include "base/check.hpp"
#include "ports/until.hpp"

namespace mlbilling {
namespace {

constexpr std::size_t largest_header_block = std::size_t{64} << 10;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLoop> loop, const HttpOptions& options,
                           HttpCall call, std::unique_ptr<ByteSource> content, Body body)
    : loop_(std::move(loop)),
      call_(std::move(call)),
      body_(body),
      easy_(loop_->handles().take()),
      news_(loop_->executor(), boost::asio::steady_timer::time_point::max()) {
    if (content) upload_.emplace(std::move(content), [this] { news_.cancel(); });
    // What is held back would be unpacked in memory meanwhile.
    const bool unpacks = body_ == Body::whole;
    request_.emplace(easy_.get(), options, call_, upload_ ? &*upload_ : nullptr, unpacks);
    set_callbacks();
}

CurlTransfer::~CurlTransfer() {
    if (added_) loop_->remove(easy_.get());
    // curl wants its parts freed before the handle is used again.
    request_.reset();
    loop_->handles().give_back(std::move(easy_));
}

void CurlTransfer::set_callbacks() {
    using Data = size_t (*)(char*, size_t, size_t, void*);
    using Before = int (*)(void*, char*, char*, int, int);
    const Data on_header = [](char* bytes, size_t size, size_t count, void* self) noexcept {
        const bool taken = static_cast<CurlTransfer*>(self)->take_header({bytes, size * count});
        return taken ? size * count : size_t{0};
    };
    const Data on_body = [](char* bytes, size_t size, size_t count, void* self) noexcept {
        return static_cast<CurlTransfer*>(self)->take_body({bytes, size * count});
    };
    const Before before = [](void* self, char*, char*, int, int) noexcept {
        return static_cast<CurlTransfer*>(self)->may_send() ? CURL_PREREQFUNC_OK
                                                            : CURL_PREREQFUNC_ABORT;
    };
    const auto set = [this](CURLoption option, auto value) {
        CHECK(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK);
    };
    set(CURLOPT_PRIVATE, static_cast<CurlListener*>(this));
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_PREREQFUNCTION, before);
    set(CURLOPT_PREREQDATA, this);
}

Async<void> CurlTransfer::run() {
    if (upload_) co_await upload_->feed();
    loop_->add(easy_.get());
    added_ = true;
    while (!code_ && !has_first_piece()) {
        if (upload_ && upload_->is_hungry())
            co_await feed_upload();
        else
            co_await wake_up();
    }
}

bool CurlTransfer::has_first_piece() const {
    return body_ == Body::in_pieces && response_.body.size() >= ByteSource::largest_piece;
}

Async<void> CurlTransfer::wake_up() {
    boost::system::error_code error;
    co_await news_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    const auto cancelled = (co_await boost::asio::this_coro::cancellation_state).cancelled();
    if (cancelled != boost::asio::cancellation_type::none)
        throw boost::system::system_error(boost::asio::error::operation_aborted);
}

Async<void> CurlTransfer::feed_upload() {
    // The request may end while its content is on its way.
    if (co_await until(over_, upload_->feed())) resume();
}

void CurlTransfer::resume() {
    // Hands out what it held back before it returns, which take_body() may refuse.
    const auto code = curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
    if (code != CURLE_OK) ended(code);
}

Async<Result<std::string, HttpFailure>> CurlTransfer::next_piece() {
    while (!code_ && !has_first_piece()) {
        if (answer_paused_) {
            answer_paused_ = false;
            resume();
        } else {
            co_await wake_up();
        }
    }
    if (const auto why = failure()) co_return *why;
    auto piece = response_.body.substr(0, ByteSource::largest_piece);
    response_.body.erase(0, piece.size());
    co_return piece;
}

void CurlTransfer::ended(CURLcode code) {
    code_ = code;
    over_.set();
    news_.cancel();
}

bool CurlTransfer::may_send() {
    if (!written_before_) {
        written_before_ = bytes_written();
        return true;
    }
    // A kept-alive connection died before the first byte of the answer, and curl wants to send the
    // request again on a fresh one. Its first copy may have been acted upon.
    return call_.repeatable || !was_written();
}

bool CurlTransfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > largest_header_block) {
        too_large_ = true;
        return false;
    }
    if (line.starts_with("HTTP/")) {
        // The final answer's headers begin; those of an interim one do not count.
        response_.headers.clear();
        return true;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    response_.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))),
                                   trimmed(line.substr(colon + 1)));
    return true;
}

std::size_t CurlTransfer::take_body(std::string_view bytes) {
    if (has_first_piece()) {
        answer_paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (bytes.size() > call_.largest_response - received_) {
        too_large_ = true;
        return 0;
    }
    received_ += bytes.size();
    response_.body.append(bytes);
    if (has_first_piece()) news_.cancel();
    return bytes.size();
}

long CurlTransfer::bytes_written() const {
    long bytes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
}

bool CurlTransfer::was_written() const {
    return written_before_ && bytes_written() > *written_before_;
}

int CurlTransfer::status() const {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

HttpResult CurlTransfer::take_result() {
    CHECK(code_.has_value());
    if (const auto why = failure()) return *why;
    response_.status = status();
    return std::move(response_);
}

std::optional<HttpFailure> CurlTransfer::failure() const {
    if (!code_ || *code_ == CURLE_OK) return std::nullopt;
    return failure_for(*code_);
}

HttpFailure CurlTransfer::failure_for(CURLcode code) const {
    HttpFailure failure;
    if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) {
        failure.kind = HttpFailure::Kind::too_large;
        failure.detail = "the answer is larger than allowed";
        return failure;
    }
    const bool may_have_arrived = was_written() && (!upload_ || upload_->is_used_up());
    failure.kind = may_have_arrived ? HttpFailure::Kind::ambiguous : HttpFailure::Kind::not_sent;
    // Not curl's own error buffer: it may repeat the host and parts of the URL.
    failure.detail = curl_easy_strerror(code);
    long system_error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
    if (code == CURLE_COULDNT_CONNECT && system_error != 0)
        failure.detail += ": " + std::generic_category().message(static_cast<int>(system_error));
    return failure;
}

}  // namespace mlbilling
