#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/http_client/http_call.hpp"
#include "ports/async.hpp"

namespace mlbilling {

class CurlTransfer;

/// An answer whose body is read in pieces; the server has to wait while nobody reads. Destroying it
/// ends the request and closes its connection unless the body was read to its end.
class HttpDownload {
  public:
    explicit HttpDownload(std::unique_ptr<CurlTransfer> transfer);
    ~HttpDownload();
    HttpDownload(HttpDownload&&) noexcept;
    HttpDownload& operator=(HttpDownload&&) noexcept;

    int status() const;
    /// The last header of that lower-case name, or nothing at all.
    std::string_view header(std::string_view name) const;
    /// The next piece, of ByteSource::largest_piece bytes or what is left; empty at the end. The
    /// call's deadline holds for all of them together.
    Async<Result<std::string, HttpFailure>> read();

  private:
    std::unique_ptr<CurlTransfer> transfer_;
};

}  // namespace mlbilling
