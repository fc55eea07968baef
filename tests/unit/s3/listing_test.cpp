#include "adapters/s3/listing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "adapters/s3/url_encoding.hpp"
#include "adapters/s3/xml_reader.hpp"

namespace mlbilling::s3 {
namespace {

constexpr const char* object =
    "<Contents><Key>a/b</Key>"
    "<LastModified>2026-11-25T22:00:01.250Z</LastModified>"
    "<Owner><ID>1</ID></Owner><Size>3</Size></Contents>";

std::string listing_of(const std::string& inside) {
    return R"(<?xml version="1.0" encoding="UTF-8"?>)"
           R"(<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)" +
           inside + "</ListBucketResult>";
}

TEST(S3Listing, TellsKeysTimesAndWhatFollows) {
    const auto listing =
        read_listing(listing_of("<IsTruncated>true</IsTruncated>" + std::string(object) +
                                "<NextContinuationToken>1/x+y==</NextContinuationToken>"));
    ASSERT_TRUE(listing);
    ASSERT_EQ(listing->objects.size(), 1U);
    EXPECT_EQ(listing->objects[0].key, "a/b");
    EXPECT_EQ(listing->objects[0].last_modified, *read_timestamp("2026-11-25T22:00:01.250Z"));
    EXPECT_EQ(listing->continuation, "1/x+y==");
}

TEST(S3Listing, OfNothingIsEmpty) {
    const auto listing = read_listing(listing_of("<IsTruncated>false</IsTruncated>"));
    ASSERT_TRUE(listing);
    EXPECT_TRUE(listing->objects.empty());
    EXPECT_EQ(listing->continuation, "");
}

TEST(S3Listing, KeysMayHoldEntities) {
    const auto listing =
        read_listing(listing_of("<Contents><Key>&lt;a&amp;b&gt;&quot;&#39;&#x436;</Key>"
                                "<LastModified>2026-11-25T22:00:01Z</LastModified></Contents>"));
    ASSERT_TRUE(listing);
    EXPECT_EQ(listing->objects.at(0).key, "<a&b>\"'ж");
}

TEST(S3Listing, WhatIsNotAWholeListingIsNone) {
    const std::string whole = listing_of(object);
    ASSERT_TRUE(read_listing(whole));
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(read_listing(whole.substr(0, length))) << length;
    EXPECT_FALSE(read_listing(whole + "<more/>"));
    EXPECT_FALSE(read_listing("<Other><Contents><Key>a</Key></Contents></Other>"));
    EXPECT_FALSE(read_listing(listing_of("<Contents><Key>a</Key></Contents>")));
    EXPECT_FALSE(
        read_listing(listing_of("<Contents><LastModified>2026-11-25T22:00:01Z"
                                "</LastModified></Contents>")));
}

TEST(S3Listing, EntitiesOfADocumentsOwnAreRefused) {
    std::string bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\">";
    for (char name = 'b'; name < 'k'; ++name) {
        const std::string before(1, static_cast<char>(name - 1));
        bomb += std::string("<!ENTITY ") + name + " \"";
        for (int i = 0; i < 10; ++i) bomb += "&" + before + ";";
        bomb += "\">";
    }
    EXPECT_FALSE(
        read_listing(bomb + "]>" + "<ListBucketResult><Name>&j;</Name></ListBucketResult>"));
}

TEST(S3Listing, DepthIsBounded) {
    std::string open, close;
    for (int i = 0; i < 100'000; ++i) open += "<a>", close += "</a>";
    EXPECT_FALSE(read_xml(open + close, [](const auto&, const auto&) {}));
}

RC_GTEST_PROP(S3Listing, AnyBytesAreReadOrRefusedAndNothingElse, (const std::string& bytes)) {
    read_listing(bytes);
    read_listing(listing_of(bytes));
}

TEST(S3Error, TellsItsCodeAndOnlyACode) {
    EXPECT_EQ(read_error_code("<Error><Code>NoSuchKey</Code><Key>a</Key></Error>"), "NoSuchKey");
    EXPECT_EQ(read_error_code("<Error><Code>a b</Code></Error>"), "");
    EXPECT_EQ(read_error_code("<Error><Code>" + std::string(65, 'a') + "</Code></Error>"), "");
    EXPECT_EQ(read_error_code("<html><body>Bad Gateway</body></html>"), "");
    EXPECT_EQ(read_error_code(""), "");
}

TEST(S3Timestamp, HasOneForm) {
    EXPECT_EQ(read_timestamp("1970-01-01T00:00:00Z"), Time());
    EXPECT_EQ(read_timestamp("1970-01-02T01:02:03.004Z"), Time(Duration(90'123'004)));
    for (const auto* text :
         {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00.1Z", "1970-13-01T00:00:00Z",
          "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01 00:00:00Z",
          "-970-01-01T00:00:00Z", "1970-01-01T00:00:00ZZ", "1970-01-01T-1:00:00Z"})
        EXPECT_EQ(read_timestamp(text), std::nullopt) << text;
}

TEST(S3UrlEncoding, KeepsOnlyWhatAwsKeeps) {
    EXPECT_EQ(url_encoded("aZ09-._~/+ ж"), "aZ09-._~%2F%2B%20%D0%B6");
    EXPECT_EQ(url_encoded("a/b c", "/"), "a/b%20c");
}

}  // namespace
}  // namespace mlbilling::s3
