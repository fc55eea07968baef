#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http_client/http_client.hpp"
#include "adapters/s3/listing.hpp"
#include "adapters/s3/s3_options.hpp"
#include "ports/byte_source.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace mlbilling::s3 {

/// One bucket of S3 and the few operations that we use, each harmless to repeat: what fails for a
/// moment (5xx, SlowDown, timeouts) is tried again with growing waits. Throws Unavailable when that
/// does not help, and at once when the bucket or the credentials are at fault; the text names the
/// status and S3's code, and no secret.
class Bucket {
  public:
    Bucket(boost::asio::any_io_executor executor, Clock& clock, Random& random, S3Options options,
           HttpOptions http);

    Async<void> put(std::string key, std::string bytes);
    /// Null when there is no such object. An object of more than `largest` bytes is Unavailable.
    /// What fails after the first piece is not tried again. The source must not outlive the bucket.
    Async<std::unique_ptr<ByteSource>> open(std::string key, std::size_t largest);
    /// Bytes of the object; nothing when there is none.
    Async<std::optional<std::size_t>> size_of(std::string key);
    /// Also when there is no such object.
    Async<void> remove(std::string key);
    /// Up to 1,000 objects whose keys begin with the prefix, in the order of their keys.
    Async<Listing> list(std::string prefix, std::string continuation);

  private:
    struct Request {
        HttpMethod method = HttpMethod::get;
        /// Encoded, behind the bucket's address.
        std::string path_and_query;
        /// Of a PUT; sent piece by piece, and again when it is tried again.
        std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
        std::size_t largest_answer = std::size_t{64} << 10;
    };

    /// An answer of success, or 404 NoSuchKey.
    Async<HttpAnswer> perform(Request request);
    Async<void> wait_before(int attempt);
    /// Nothing when it may help to try again; then `why` says what happened.
    std::optional<HttpAnswer> usable(HttpResult result, std::string* why) const;
    HttpCall to_call(const Request& request) const;

    Clock& clock_;
    Random& random_;
    S3Options options_;
    std::string address_;
    HttpClient client_;
};

}  // namespace mlbilling::s3
