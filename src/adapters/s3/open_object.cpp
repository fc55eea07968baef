#include "adapters/s3/open_object.hpp"

#include <utility>

#include "base/unavailable.hpp"

namespace mlbilling::s3 {

OpenObject::OpenObject(HttpDownload download, std::size_t size, std::string first)
    : download_(std::move(download)), size_(size), first_(std::move(first)) {}

Async<std::string> OpenObject::read() {
    std::string piece;
    if (read_ == 0) {
        piece = std::move(first_);
    } else {
        auto next = co_await download_.read();
        if (!next.ok()) throw Unavailable("result store: S3 breaks off: " + next.error().detail);
        piece = std::move(*next);
    }
    read_ += piece.size();
    // A server may say one length and send another.
    if (read_ > size_ || (piece.empty() && read_ < size_))
        throw Unavailable("result store: an object of S3 is not as long as S3 said");
    co_return piece;
}

}  // namespace mlbilling::s3
