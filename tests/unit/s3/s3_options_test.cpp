#include "adapters/s3/s3_options.hpp"

#include <gtest/gtest.h>

namespace mlbilling::s3 {
namespace {

S3Options parsed(std::string_view url) {
    auto result = parse_s3_url(url);
    if (result.ok()) return std::move(*result);
    ADD_FAILURE() << url << " " << result.error().message;
    return {};
}

TEST(S3Url, NamesBucketPrefixEndpointAndRegion) {
    const auto options = parsed("s3://results/ml/voices/?endpoint=http://minio:9000&region=eu-1");
    EXPECT_EQ(options.bucket, "results");
    EXPECT_EQ(options.prefix, "ml/voices");
    EXPECT_EQ(options.endpoint, "http://minio:9000");
    EXPECT_EQ(options.region, "eu-1");
    EXPECT_EQ(bucket_address(options), "http://minio:9000/results");
}

TEST(S3Url, NeedsNoMoreThanABucket) {
    const auto options = parsed("s3://my-results");
    EXPECT_EQ(options.prefix, "");
    EXPECT_EQ(options.region, "us-east-1");
    EXPECT_EQ(bucket_address(options), "https://my-results.s3.us-east-1.amazonaws.com");
}

TEST(S3Url, ABucketWithADotIsNamedInThePath) {
    EXPECT_EQ(bucket_address(parsed("s3://my.results?region=eu-west-1")),
              "https://s3.eu-west-1.amazonaws.com/my.results");
}

TEST(S3Url, ValuesMayBePercentEncoded) {
    const auto options = parsed("s3://results/a%20b?endpoint=https%3A%2F%2Fs3.example%2F");
    EXPECT_EQ(options.prefix, "a b");
    EXPECT_EQ(options.endpoint, "https://s3.example");
}

TEST(S3Url, WhatIsWrongIsRefusedWithoutRepeatingIt) {
    for (const auto* url : {"",
                            "s3:",
                            "s3://",
                            "s3:///prefix",
                            "http://results",
                            "s3://UPPER",
                            "s3://ab",
                            "s3://-results",
                            "s3://re..sults",
                            "s3://results:9000",
                            "s3://key:secret@results",
                            "s3://results/a//b",
                            "s3://results/a/../b",
                            "s3://results/%00",
                            "s3://results/a%0Ab",
                            "s3://results?region=EU_1",
                            "s3://results?region=",
                            "s3://results?endpoint=minio:9000",
                            "s3://results?endpoint=ftp://minio",
                            "s3://results?endpoint=http://u:p@minio",
                            "s3://results?endpoint=http://minio/path",
                            "s3://results?secret=x",
                            "s3://results#x"}) {
        const auto result = parse_s3_url(url);
        EXPECT_FALSE(result.ok()) << url;
        if (!result.ok()) EXPECT_EQ(result.error().message.find("secret@"), std::string::npos);
    }
}

}  // namespace
}  // namespace mlbilling::s3
