#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mlbilling::s3 {

/// Where the results lie, and who may reach them.
struct S3Options {
    std::string bucket;
    /// What every key begins with: names joined by slashes, or empty.
    std::string prefix;
    /// `http://` or `https://`, host and port of another provider than AWS; empty for AWS.
    std::string endpoint;
    std::string region = "us-east-1";
    /// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, with temporary ones, AWS_SESSION_TOKEN.
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;
};

/// Reads `s3://bucket/prefix?endpoint=…&region=…`, all but the bucket optional. The credentials are
/// not part of it.
Result<S3Options> parse_s3_url(std::string_view url);

/// Where the bucket is: `{scheme}://{host}` with, in path style, `/{bucket}`. An endpoint of
/// another provider and a bucket with a dot, which no certificate of AWS covers, have path style.
std::string bucket_address(const S3Options& options);

}  // namespace mlbilling::s3
