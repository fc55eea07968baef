#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>

#include "adapters/s3/bucket.hpp"
#include "adapters/s3/s3_options.hpp"
#include "ports/results.hpp"

namespace mlbilling::s3 {

/// Result audio in a bucket of S3 or of a server that speaks its protocol (RESULT_STORE_URL
/// `s3://…`). Any number of processes on any machines may share it. To put a blob under a key that
/// is none is a broken promise; to get or remove it finds nothing. Of what lies below the prefix
/// only results are ever removed.
class S3ResultStore final : public ResultStore {
  public:
    /// Nothing is asked of S3 yet. `http` names proxy and certificate authorities.
    S3ResultStore(boost::asio::any_io_executor executor, Clock& clock, Random& random,
                  S3Options options, HttpOptions http = {});

    Async<void> put(ResultKey key, std::string bytes) override;
    /// A blob above largest_result, which we never put, is Unavailable.
    Async<std::unique_ptr<ByteSource>> open(ResultKey key) override;
    Async<std::optional<std::size_t>> size_of(ResultKey key) override;
    Async<void> remove(ResultKey key) override;
    /// Goes by the times of the server's clock.
    Async<int> remove_older_than(Time moment) override;

  private:
    std::string name_of(const ResultKey& key) const { return prefix_ + key.value(); }
    bool is_result(const std::string& name) const;

    /// Empty, or ends with a slash.
    std::string prefix_;
    Bucket bucket_;
};

}  // namespace mlbilling::s3
