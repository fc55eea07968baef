#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "adapters/files/blobs.hpp"
#include "ports/byte_source.hpp"

namespace mlbilling::files {

/// A blob while it is read: on the loop what is in the machine's memory, on a thread what is not.
class BlobSource final : public ByteSource {
  public:
    /// The threads outlive it.
    BlobSource(boost::asio::thread_pool& threads, OpenBlob blob);

    std::size_t size() const override { return blob_->size; }
    Async<std::string> read() override;

  private:
    boost::asio::thread_pool& threads_;
    /// Shared with a thread that reads, which may end later.
    std::shared_ptr<const OpenBlob> blob_;
    std::size_t read_ = 0;
};

}  // namespace mlbilling::files
