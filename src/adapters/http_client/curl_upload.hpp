#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ports/byte_source.hpp"

namespace mlbilling {

/// Gives curl the bytes of a source. curl asks and is told to pause when the piece in memory is
/// used up; the next one is then fetched outside of curl.
class CurlUpload {
  public:
    /// `wake` is called, from within curl, when it begins to pause.
    CurlUpload(std::unique_ptr<ByteSource> content, std::function<void()> wake)
        : content_(std::move(content)), wake_(std::move(wake)) {}

    /// CURLOPT_READFUNCTION and CURLOPT_SEEKFUNCTION, with this as their data.
    static std::size_t on_read(char* place, std::size_t size, std::size_t count,
                               void* self) noexcept;
    static int on_seek(void* self, curl_off_t offset, int origin) noexcept;

    std::size_t size() const { return content_->size(); }
    /// Whether curl pauses until feed() has returned.
    bool is_hungry() const { return hungry_; }
    /// Always true, for until().
    Async<bool> feed();
    /// Whether curl has all, so that a server may have the whole request.
    bool is_used_up() const { return before_ + given_ == size(); }

  private:
    std::size_t give(char* place, std::size_t room);
    /// For a request that is sent again: goes back within the piece.
    int seek(curl_off_t offset);

    std::unique_ptr<ByteSource> content_;
    std::function<void()> wake_;
    std::string piece_;
    /// Bytes of the pieces before this one.
    std::size_t before_ = 0;
    /// Bytes of this piece that curl has.
    std::size_t given_ = 0;
    bool hungry_ = false;
};

}  // namespace mlbilling
