#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http_client/http_call.hpp"
#include "adapters/http_client/http_download.hpp"
#include "ports/async.hpp"
#include "ports/byte_source.hpp"

namespace mlbilling {

struct HttpOptions {
    /// `http://[user:password@]host:port` or `socks5h://…`, or empty for none. The proxy variables
    /// of the environment are not looked at: the configuration decides.
    std::string proxy;
    /// The same for `http://` addresses alone; nothing: those go through `proxy`, too.
    std::optional<std::string> proxy_of_plain_http;
    /// Hosts that are reached without the proxy: names, domain endings and CIDR blocks,
    /// comma-separated.
    std::string no_proxy;
    /// File with the certificate authorities to trust; empty for the system's.
    std::string authorities_file;
    std::string user_agent = "mlbilling";
};

/// What is wrong with a proxy of the configuration; nothing when it can be used. Never repeats it,
/// as it may hold a password.
std::optional<Problem> problem_with_proxy(std::string_view proxy);

/// Makes HTTP/1.1 requests over one pool of kept-alive connections, on the event loop that it is
/// given. Certificates are always verified. Use one client per kind of traffic that must not share
/// connections. May be destroyed while requests run; must not outlive the loop. The first client of
/// the process initialises libcurl, for good, and makes the process ignore SIGPIPE.
class HttpClient {
  public:
    /// CHECKs that the proxy has no problem.
    HttpClient(boost::asio::any_io_executor executor, HttpOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Cancelling it ends the request and closes its connection. With `content`, that is the body
    /// of a PUT, or the bytes of the last part when there are parts; it is read while it is sent.
    /// What it throws passes through, and the server never had the whole request.
    Async<HttpResult> perform(HttpCall call, std::unique_ptr<ByteSource> content = nullptr);
    /// The same for an answer that is read in pieces; returns when its first piece is there.
    Async<Result<HttpDownload, HttpFailure>> open(HttpCall call);

  private:
    struct Shared;
    static Async<HttpResult> perform_on(std::shared_ptr<Shared> shared, HttpCall call,
                                        std::unique_ptr<ByteSource> content);
    static Async<Result<HttpDownload, HttpFailure>> open_on(std::shared_ptr<Shared> shared,
                                                            HttpCall call);

    std::shared_ptr<Shared> shared_;
};

}  // namespace mlbilling
