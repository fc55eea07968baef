#pragma once

#include <curl/curl.h>

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http_client/curl_loop.hpp"
#include "adapters/http_client/curl_request.hpp"
#include "adapters/http_client/curl_upload.hpp"
#include "adapters/http_client/http_call.hpp"
#include "adapters/http_client/http_client.hpp"
#include "ports/async.hpp"
#include "ports/event.hpp"

namespace mlbilling {

/// One request while it runs. Destroying it ends the request, which is how cancelling works.
class CurlTransfer final : private CurlListener {
  public:
    enum class Body { whole, in_pieces };

    /// With `content`, see HttpClient::perform.
    CurlTransfer(std::shared_ptr<CurlLoop> loop, const HttpOptions& options, HttpCall call,
                 std::unique_ptr<ByteSource> content, Body body);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    /// Starts the request and returns when it has ended; throws when cancelled, and what the
    /// content throws. The answer in pieces: returns when the first is there.
    Async<void> run();
    /// Once, after run() of a whole answer.
    HttpResult take_result();

    /// Why there is no answer, after run(); nothing when there is one, or may still be.
    std::optional<HttpFailure> failure() const;
    int status() const;
    std::string_view header(std::string_view name) const { return response_.header(name); }
    /// The rest is for answers in pieces, see HttpDownload::read().
    Async<Result<std::string, HttpFailure>> next_piece();

  private:
    void set_callbacks();

    bool has_first_piece() const;
    Async<void> wake_up();
    Async<void> feed_upload();
    /// Lets curl go on with what a callback made it pause.
    void resume();
    void ended(CURLcode code) override;
    bool may_send();
    bool take_header(std::string_view line);
    std::size_t take_body(std::string_view bytes);
    long bytes_written() const;
    bool was_written() const;
    HttpFailure failure_for(CURLcode code) const;

    std::shared_ptr<CurlLoop> loop_;
    HttpCall call_;
    std::optional<CurlUpload> upload_;
    Body body_;
    CurlHandles::Handle easy_;
    std::optional<CurlRequest> request_;
    /// Never expires; cancelled when there is something to do.
    boost::asio::steady_timer news_;
    Event over_;
    bool added_ = false;
    std::optional<CURLcode> code_;
    /// What had been written (to a proxy) when the request itself was first about to be.
    std::optional<long> written_before_;
    bool too_large_ = false;
    /// Whether curl holds the rest of the answer back until the piece is taken.
    bool answer_paused_ = false;
    std::size_t received_ = 0;
    std::size_t header_bytes_ = 0;
    HttpAnswer response_;
};

}  // namespace mlbilling
