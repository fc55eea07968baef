#include "adapters/http_client/curl_request.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// curl's own 64 KB make the allocator give memory back to the system after each upload.
constexpr long upload_buffer = 32L << 10;
/// Servers close idle connections; one that we leave first cannot die under a request.
constexpr long longest_idle_s = 50;

bool is_https(std::string_view url) { return lower_case(url.substr(0, 8)) == "https://"; }

}  // namespace

template <class Option>
void CurlRequest::set(CURLoption option, Option value) {
    CHECK(curl_easy_setopt(easy_, option, value) == CURLE_OK);
}

CurlRequest::CurlRequest(CURL* easy, const HttpOptions& options, const HttpCall& call,
                         CurlUpload* upload, bool unpacks)
    : easy_(easy), call_(call), upload_(upload), unpacks_(unpacks) {
    CHECK(call_.deadline > Duration::zero());
    set_safety(options);
    set_deadlines();
    set_request();
    set_headers();
    if (call_.aws_signing) set_signing(*call_.aws_signing);
}

void CurlRequest::set_safety(const HttpOptions& options) {
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
    const bool plain = options.proxy_of_plain_http && !is_https(call_.url);
    set(CURLOPT_PROXY, (plain ? *options.proxy_of_plain_http : options.proxy).c_str());
    set(CURLOPT_NOPROXY, options.no_proxy.c_str());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
}

void CurlRequest::set_deadlines() {
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

void CurlRequest::set_request() {
    set(CURLOPT_URL, call_.url.c_str());
    if (unpacks_) set(CURLOPT_ACCEPT_ENCODING, "gzip");
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

void CurlRequest::set_upload() {
    CHECK(call_.method == HttpMethod::put);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_->size()));
    set(CURLOPT_READFUNCTION, &CurlUpload::on_read);
    set(CURLOPT_READDATA, upload_);
    set(CURLOPT_SEEKFUNCTION, &CurlUpload::on_seek);
    set(CURLOPT_SEEKDATA, upload_);
}

void CurlRequest::set_parts() {
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    mime_.reset(curl_mime_init(easy_));
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

void CurlRequest::add_content(curl_mimepart* part) {
    CHECK(curl_mime_data_cb(part, static_cast<curl_off_t>(upload_->size()), &CurlUpload::on_read,
                            &CurlUpload::on_seek, nullptr, upload_) == CURLE_OK);
}

void CurlRequest::set_headers() {
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
        typed = typed || lower_case(name) == "content-type";
    }
    if (!typed && !is_signed) append("Content-Type:");
    set(CURLOPT_HTTPHEADER, headers_.get());
}

void CurlRequest::set_signing(const AwsSigning& signing) {
    const auto what = "aws:amz:" + signing.region + ":" + signing.service;
    set(CURLOPT_AWS_SIGV4, what.c_str());
    set(CURLOPT_USERNAME, signing.access_key_id.c_str());
    set(CURLOPT_PASSWORD, signing.secret_access_key.c_str());
}

}  // namespace mlbilling
