#include "adapters/http_client/curl_transfer.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/check.hpp"
#include "ports/until.hpp"

namespace mlbilling {
namespace {

/// curl's own 64 KB make the allocator give memory back to the system after each upload.
constexpr long upload_buffer = 32L << 10;
constexpr std::size_t largest_header_block = std::size_t{64} << 10;
/// Servers close idle connections; one that we leave first cannot die under a request.
constexpr long longest_idle_s = 50;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace

template <class Option>
void CurlTransfer::set(CURLoption option, Option value) {
    CHECK(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK);
}

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLoop> loop, const HttpOptions& options,
                           HttpCall call, std::unique_ptr<ByteSource> content, Body body)
    : loop_(std::move(loop)),
      call_(std::move(call)),
      body_(body),
      easy_(loop_->handles().take()),
      news_(loop_->executor(), boost::asio::steady_timer::time_point::max()) {
    CHECK(call_.deadline > Duration::zero());
    if (content) upload_.emplace(std::move(content));
    set_safety(options);
    set_deadlines();
    set_request();
    set_headers();
    if (call_.aws_signing) set_signing(*call_.aws_signing);
    set_callbacks();
}

CurlTransfer::~CurlTransfer() {
    if (added_) loop_->remove(easy_.get());
    // It still refers to what is ours.
    mime_.reset();
    loop_->handles().give_back(std::move(easy_));
}

void CurlTransfer::set_safety(const HttpOptions& options) {
    set(CURLOPT_NOSIGNAL, 1L);
    // Ending a request during the name's look-up would otherwise wait for the resolver's thread,
    // and with it the whole loop.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    // On HTTP/2 all requests would share one connection, and its fate with a poll that hangs.
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!options.authorities_file.empty()) set(CURLOPT_CAINFO, options.authorities_file.c_str());
    // Set even when empty, so that curl does not read the environment.
    set(CURLOPT_PROXY, options.proxy.c_str());
    set(CURLOPT_NOPROXY, options.no_proxy.c_str());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
}

void CurlTransfer::set_deadlines() {
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(call_.deadline.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::min(call_.connect_deadline, call_.deadline).count()));
    if (call_.stall_deadline > Duration::zero()) {
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME,
            std::max(1L, static_cast<long>(call_.stall_deadline.count() / 1000)));
    }
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, 30L);
    set(CURLOPT_TCP_KEEPINTVL, 10L);
    set(CURLOPT_MAXAGE_CONN, longest_idle_s);
    set(CURLOPT_FRESH_CONNECT, call_.fresh_connection ? 1L : 0L);
    // Refuses by the announced length; the answer to a HEAD announces what it does not send.
    if (call_.method != HttpMethod::head)
        set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(call_.largest_response));
}

void CurlTransfer::set_request() {
    set(CURLOPT_URL, call_.url.c_str());
    // What is held back would be unpacked in memory meanwhile.
    if (body_ == Body::whole) set(CURLOPT_ACCEPT_ENCODING, "gzip");
    if (!call_.parts.empty()) {
        set_parts();
    } else if (upload_) {
        set_upload();
    } else if (call_.method == HttpMethod::post || call_.method == HttpMethod::put) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
        set(CURLOPT_POSTFIELDS, call_.body.c_str());
    }
    switch (call_.method) {
        case HttpMethod::get:
        case HttpMethod::post: break;
        case HttpMethod::head: set(CURLOPT_NOBODY, 1L); break;
        case HttpMethod::put: set(CURLOPT_CUSTOMREQUEST, "PUT"); break;
        case HttpMethod::remove: set(CURLOPT_CUSTOMREQUEST, "DELETE"); break;
    }
}

void CurlTransfer::set_upload() {
    CHECK(call_.method == HttpMethod::put);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_->size()));
    set(CURLOPT_READFUNCTION, &CurlTransfer::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &CurlTransfer::on_seek);
    set(CURLOPT_SEEKDATA, this);
}

void CurlTransfer::set_parts() {
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    mime_.reset(curl_mime_init(easy_.get()));
    for (const auto& part : call_.parts) {
        curl_mimepart* added = curl_mime_addpart(mime_.get());
        CHECK(added != nullptr);
        CHECK(curl_mime_name(added, part.name.c_str()) == CURLE_OK);
        if (upload_ && &part == &call_.parts.back())
            add_content(added);
        else
            CHECK(curl_mime_data(added, part.bytes.data(), part.bytes.size()) == CURLE_OK);
        if (!part.file_name.empty())
            CHECK(curl_mime_filename(added, part.file_name.c_str()) == CURLE_OK);
        if (!part.mime_type.empty())
            CHECK(curl_mime_type(added, part.mime_type.c_str()) == CURLE_OK);
    }
    set(CURLOPT_MIMEPOST, mime_.get());
}

std::size_t CurlTransfer::on_read(char* place, std::size_t size, std::size_t count,
                                  void* self) noexcept {
    return static_cast<CurlTransfer*>(self)->give_content(place, size * count);
}

int CurlTransfer::on_seek(void* self, curl_off_t offset, int origin) noexcept {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    return static_cast<CurlTransfer*>(self)->upload_->seek(offset);
}

void CurlTransfer::add_content(curl_mimepart* part) {
    CHECK(curl_mime_data_cb(part, static_cast<curl_off_t>(upload_->size()), &CurlTransfer::on_read,
                            &CurlTransfer::on_seek, nullptr, this) == CURLE_OK);
}

void CurlTransfer::set_headers() {
    const auto append = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
        CHECK(longer != nullptr);
        static_cast<void>(headers_.release());
        headers_.reset(longer);
    };
    // curl would wait a second for a "100 Continue" before a large body, and call any body a form.
    // Of a signed request it would sign the headers that these lines keep it from sending.
    const bool is_signed = call_.aws_signing.has_value();
    if (is_signed)
        set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
    else
        append("Expect:");
    bool typed = !call_.parts.empty();
    for (const auto& [name, value] : call_.headers) {
        // A header without a value is written with a semicolon; a colon would remove it.
        std::string line = name;
        line += value.empty() ? ";" : ": " + value;
        append(line);
        std::string lowered = name;
        std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
        typed = typed || lowered == "content-type";
    }
    if (!typed && !is_signed) append("Content-Type:");
    set(CURLOPT_HTTPHEADER, headers_.get());
}

void CurlTransfer::set_signing(const AwsSigning& signing) {
    const auto what = "aws:amz:" + signing.region + ":" + signing.service;
    set(CURLOPT_AWS_SIGV4, what.c_str());
    set(CURLOPT_USERNAME, signing.access_key_id.c_str());
    set(CURLOPT_PASSWORD, signing.secret_access_key.c_str());
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

std::size_t CurlTransfer::give_content(char* place, std::size_t room) {
    const auto given = upload_->give(place, room);
    if (upload_->is_hungry()) news_.cancel();
    return given;
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
    std::string name(trimmed(line.substr(0, colon)));
    std::transform(name.begin(), name.end(), name.begin(), lower);
    response_.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
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
