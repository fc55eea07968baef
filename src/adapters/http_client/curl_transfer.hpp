#pragma once

#include <curl/curl.h>

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "adapters/http_client/curl_loop.hpp"
#include "adapters/http_client/http_call.hpp"
#include "adapters/http_client/http_client.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// One request while it runs. Destroying it ends the request, which is how cancelling works.
class CurlTransfer final : private CurlListener {
  public:
    CurlTransfer(std::shared_ptr<CurlLoop> loop, const HttpOptions& options, HttpCall call);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    /// Starts the request and returns when it has ended; throws when cancelled.
    Async<void> run();
    /// Once, after run().
    HttpResult take_result();

  private:
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    struct FreeMime {
        void operator()(curl_mime* mime) const { curl_mime_free(mime); }
    };

    template <class Option>
    void set(CURLoption option, Option value);
    void set_safety(const HttpOptions& options);
    void set_deadlines();
    void set_request();
    void set_headers();
    void set_parts();
    void set_signing(const AwsSigning& signing);
    void set_callbacks();

    void ended(CURLcode code) override;
    bool may_send();
    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    long bytes_written() const;
    bool was_written() const;

    std::shared_ptr<CurlLoop> loop_;
    HttpCall call_;
    CurlHandles::Handle easy_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::unique_ptr<curl_mime, FreeMime> mime_;
    /// Never expires; cancelled when the request has ended.
    boost::asio::steady_timer done_;
    bool added_ = false;
    std::optional<CURLcode> code_;
    /// What had been written (to a proxy) when the request itself was first about to be.
    std::optional<long> written_before_;
    bool too_large_ = false;
    std::size_t header_bytes_ = 0;
    HttpAnswer response_;
};

}  // namespace mlbilling
