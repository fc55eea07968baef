#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>

#include "ports/byte_source.hpp"

namespace mlbilling {

/// Gives curl the bytes of a source. curl asks and is told to pause when the piece in memory is
/// used up; the next one is then fetched outside of curl.
class CurlUpload {
  public:
    explicit CurlUpload(std::unique_ptr<ByteSource> content) : content_(std::move(content)) {}

    std::size_t size() const { return content_->size(); }
    /// CURLOPT_READFUNCTION: bytes written to `place`, or CURL_READFUNC_PAUSE.
    std::size_t give(char* place, std::size_t room);
    /// CURLOPT_SEEKFUNCTION, for a request that is sent again: goes back within the piece.
    int seek(curl_off_t offset);
    /// Whether curl pauses until feed() has returned.
    bool is_hungry() const { return hungry_; }
    /// Always true, for until().
    Async<bool> feed();
    /// Whether curl has all, so that a server may have the whole request.
    bool is_used_up() const { return before_ + given_ == size(); }

  private:
    std::unique_ptr<ByteSource> content_;
    std::string piece_;
    /// Bytes of the pieces before this one.
    std::size_t before_ = 0;
    /// Bytes of this piece that curl has.
    std::size_t given_ = 0;
    bool hungry_ = false;
};

}  // namespace mlbilling
