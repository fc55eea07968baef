#include "sandbox/multipart.hpp"

#include <gtest/gtest.h>

#include "support/seeded_random.hpp"

namespace mlbilling::sandbox {
namespace {

const std::string type = "multipart/form-data; boundary=XyZ";

std::string part(const std::string& headers, const std::string& body) {
    return "--XyZ\r\n" + headers + "\r\n\r\n" + body + "\r\n";
}

TEST(Multipart, TakesFieldsAndFilesApart) {
    const auto body =
        part("Content-Disposition: form-data; name=\"chat_id\"", "1001") +
        part(
            "content-disposition: form-data; name=voice; filename=\"a \\\"b\\\";c.ogg\"\r\n"
            "Content-Type: audio/ogg",
            std::string("Ogg\0\r\n--Xy", 10)) +
        part("Content-Disposition: form-data; name=\"empty\"", "") + "--XyZ--\r\n";
    const auto parts = parse_multipart(type, body);
    ASSERT_TRUE(parts.ok()) << parts.error().message;
    ASSERT_EQ(parts->size(), 3U);
    EXPECT_EQ((*parts)[0].name, "chat_id");
    EXPECT_EQ((*parts)[0].body, "1001");
    EXPECT_FALSE((*parts)[0].is_file);
    EXPECT_TRUE((*parts)[1].is_file);
    EXPECT_EQ((*parts)[1].file_name, "a \"b\";c.ogg");
    EXPECT_EQ((*parts)[1].content_type, "audio/ogg");
    EXPECT_EQ((*parts)[1].body, std::string("Ogg\0\r\n--Xy", 10));
    EXPECT_EQ((*parts)[2].body, "");
}

TEST(Multipart, TakesAQuotedBoundaryAndAPreamble) {
    const auto parts =
        parse_multipart("multipart/form-data; charset=utf-8; boundary=\"X y\"",
                        "ignore me\r\n--X y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                        "1\r\n--X y--");
    ASSERT_TRUE(parts.ok()) << parts.error().message;
    EXPECT_EQ(parts->at(0).body, "1");
}

TEST(Multipart, RefusesEveryBrokenForm) {
    const auto good = part("Content-Disposition: form-data; name=\"a\"", "1");
    const std::string broken[] = {
        "",
        "--XyZ",
        "--XyZ\r\n",
        "--other\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--other--",
        good,
        good + "--XyZ",
        good + "--XyZ\r\n",
        good + "--XyZgarbage\r\n",
        part("Content-Disposition: form-data", "1") + "--XyZ--",
        part("Content-Disposition: form-data; name=\"open", "1") + "--XyZ--",
        part("no colon here", "1") + "--XyZ--",
        part("", "1") + "--XyZ--",
        part("X: " + std::string(9000, 'x') + "\r\nContent-Disposition: form-data; name=\"a\"",
             "1") +
            "--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends",
    };
    for (const auto& body : broken)
        EXPECT_FALSE(parse_multipart(type, body).ok()) << body.substr(0, 100);
    const auto form = good + "--XyZ--";
    EXPECT_TRUE(parse_multipart(type, form).ok());
    EXPECT_FALSE(parse_multipart("multipart/form-data", form).ok());
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=", form).ok());
    EXPECT_FALSE(
        parse_multipart("multipart/form-data; boundary=" + std::string(71, 'x'), form).ok());
}

TEST(Multipart, BoundsTheNumberOfParts) {
    std::string body;
    for (int i = 0; i < 101; ++i) body += part("Content-Disposition: form-data; name=\"a\"", "1");
    EXPECT_FALSE(parse_multipart(type, body + "--XyZ--").ok());
}

TEST(Multipart, EndsWellOnEveryTruncationAndOnNoise) {
    const auto form =
        part("Content-Disposition: form-data; name=\"v\"; filename=\"v.ogg\"", "bytes") +
        part("Content-Disposition: form-data; name=\"a\"", "1") + "--XyZ--\r\n";
    // Everything shorter than the closing boundary is a cut off form.
    const auto whole = form.size() - 2;
    for (std::size_t size = 0; size < whole; ++size) {
        EXPECT_FALSE(parse_multipart(type, form.substr(0, size)).ok()) << size;
    }
    test::SeededRandom random(7);
    const std::string alphabet = "-XyZ\r\n\"=; :name";
    for (int round = 0; round < 2000; ++round) {
        std::string noise = "--XyZ\r\n";
        for (auto left = random.next() % 60; left > 0; --left)
            noise += alphabet[random.next() % alphabet.size()];
        const auto parts = parse_multipart(type, noise);
        if (parts.ok()) EXPECT_LE(parts->size(), 100U);
    }
}

}  // namespace
}  // namespace mlbilling::sandbox
