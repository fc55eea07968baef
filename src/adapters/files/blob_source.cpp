#include "adapters/files/blob_source.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "adapters/files/file_threads.hpp"

namespace mlbilling::files {

BlobSource::BlobSource(boost::asio::thread_pool& threads, OpenBlob blob)
    : threads_(threads), blob_(std::make_shared<const OpenBlob>(std::move(blob))) {}

Async<std::string> BlobSource::read() {
    const auto offset = read_;
    const auto count = std::min(largest_piece, blob_->size - offset);
    read_ += count;
    if (auto piece = read_cached_piece(blob_->descriptor, offset, count)) co_return *piece;
    std::function<std::string()> job = [blob = blob_, offset, count] {
        return read_piece(blob->descriptor, offset, count);
    };
    co_return co_await on_thread(threads_, std::move(job));
}

}  // namespace mlbilling::files
