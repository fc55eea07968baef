#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "support/guarded_process.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {

/// A server that speaks S3 (tests/contract/results/s3_server) with an empty bucket, on a port that
/// the system picks. It ends with this object, or with the test's process.
class S3ServerProcess {
  public:
    S3ServerProcess();

    static constexpr const char* bucket = "results";
    /// The one key pair that the server knows.
    static constexpr const char* access_key_id = "S3RVER";
    static constexpr const char* secret_access_key = "S3RVER";

    /// `http://127.0.0.1:port`.
    const std::string& endpoint() const { return endpoint_; }
    /// Makes everything that is there look as if it had been put that long ago.
    void set_age(std::chrono::hours age) const;

  private:
    TemporaryDirectory directory_;
    std::unique_ptr<GuardedProcess> process_;
    std::string endpoint_;
};

}  // namespace mlbilling::test
