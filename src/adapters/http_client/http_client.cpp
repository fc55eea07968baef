#include "adapters/http_client/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <csignal>
#include <utility>

#include "adapters/http_client/curl_loop.hpp"
#include "adapters/http_client/curl_transfer.hpp"
#include "base/check.hpp"

namespace mlbilling {
namespace {

CURLcode initialise_curl() {
    // Told to use no signals, curl no longer shields its TLS writes from SIGPIPE itself
    // (CURLOPT_NOSIGNAL(3)): a peer that hangs up would end the process.
    std::signal(SIGPIPE, SIG_IGN);
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

void initialise_curl_once() {
    static const CURLcode code = initialise_curl();
    CHECK(code == CURLE_OK);
}

bool breaks_a_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// Whether something in the call would be written as something else than it is.
bool is_forged(const HttpCall& call) {
    const auto bad_header = [](const auto& header) {
        return header.first.empty() || breaks_a_line(header.first) || breaks_a_line(header.second);
    };
    return breaks_a_line(call.url) ||
           std::any_of(call.headers.begin(), call.headers.end(), bad_header);
}

HttpFailure forged() {
    HttpFailure failure;
    failure.kind = HttpFailure::Kind::not_sent;
    failure.detail = "the address or a header of the request holds a line break";
    return failure;
}

}  // namespace

struct HttpClient::Shared {
    std::shared_ptr<CurlLoop> loop;
    HttpOptions options;
};

std::optional<Problem> problem_with_proxy(std::string_view proxy) {
    if (proxy.empty()) return std::nullopt;
    if (breaks_a_line(proxy)) return Problem{"a proxy's address holds a line break"};
    const auto parsed = boost::urls::parse_uri(proxy);
    if (parsed.has_error())
        return Problem{"a proxy's address is not a URL such as http://host:3128"};
    if (parsed->scheme() != "http" && parsed->scheme() != "socks5h")
        return Problem{"a proxy's address starts with http:// or socks5h://"};
    if (parsed->host().empty()) return Problem{"a proxy's address names no host"};
    return std::nullopt;
}

HttpClient::HttpClient(boost::asio::any_io_executor executor, HttpOptions options) {
    CHECK(!problem_with_proxy(options.proxy));
    CHECK(!problem_with_proxy(options.proxy_of_plain_http.value_or("")));
    initialise_curl_once();
    shared_ = std::make_shared<Shared>(std::make_shared<CurlLoop>(std::move(executor)),
                                       std::move(options));
}

HttpClient::~HttpClient() = default;

Async<HttpResult> HttpClient::perform(HttpCall call, std::unique_ptr<ByteSource> content) {
    return perform_on(shared_, std::move(call), std::move(content));
}

Async<HttpResult> HttpClient::perform_on(std::shared_ptr<Shared> shared, HttpCall call,
                                         std::unique_ptr<ByteSource> content) {
    if (is_forged(call)) co_return forged();
    CurlTransfer transfer(shared->loop, shared->options, std::move(call), std::move(content),
                          CurlTransfer::Body::whole);
    co_await transfer.run();
    co_return transfer.take_result();
}

Async<Result<HttpDownload, HttpFailure>> HttpClient::open(HttpCall call) {
    return open_on(shared_, std::move(call));
}

Async<Result<HttpDownload, HttpFailure>> HttpClient::open_on(std::shared_ptr<Shared> shared,
                                                             HttpCall call) {
    if (is_forged(call)) co_return forged();
    auto transfer = std::make_unique<CurlTransfer>(shared->loop, shared->options, std::move(call),
                                                   nullptr, CurlTransfer::Body::in_pieces);
    co_await transfer->run();
    if (auto why = transfer->failure()) co_return std::move(*why);
    co_return HttpDownload(std::move(transfer));
}

}  // namespace mlbilling
