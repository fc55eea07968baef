#pragma once

#include <cstddef>
#include <string>

#include "adapters/http_client/http_download.hpp"
#include "ports/byte_source.hpp"

namespace mlbilling::s3 {

/// An object while it comes.
class OpenObject final : public ByteSource {
  public:
    /// `first` is what was read of the download before.
    OpenObject(HttpDownload download, std::size_t size, std::string first);

    std::size_t size() const override { return size_; }
    Async<std::string> read() override;

  private:
    HttpDownload download_;
    std::size_t size_;
    std::string first_;
    std::size_t read_ = 0;
};

}  // namespace mlbilling::s3
