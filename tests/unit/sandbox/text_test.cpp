#include "sandbox/text.hpp"

#include <gtest/gtest.h>

#include "sandbox/fingerprint.hpp"

namespace mlbilling::sandbox {
namespace {

TEST(SandboxText, KnowsUtf8FromWhatIsNot) {
    for (const char* good : {"", "abc", "Привет", "€", "😀", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
    }
    for (const char* bad :
         {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xffz", "\xe2\x82"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

TEST(SandboxText, CountsUtf16Units) {
    EXPECT_EQ(utf16_length(""), 0U);
    EXPECT_EQ(utf16_length("Привет"), 6U);
    EXPECT_EQ(utf16_length("a😀b"), 4U);
}

TEST(SandboxText, FindsCommandsAndMentionsAtTheirPlaces) {
    const auto found = entities_of("😀 /voice@some_bot hi @mlbilling_sandbox_bot, not/this a@b /");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].kind, Entity::Kind::bot_command);
    EXPECT_EQ(found[0].offset, 3U);
    EXPECT_EQ(found[0].text, "/voice@some_bot");
    EXPECT_EQ(found[0].length, 15U);
    EXPECT_EQ(found[1].kind, Entity::Kind::mention);
    EXPECT_EQ(found[1].offset, 22U);
    EXPECT_EQ(found[1].text, "@mlbilling_sandbox_bot");
}

TEST(SandboxText, EncodesBase64urlAsTheRfcDoes) {
    // RFC 4648 section 10, without the padding.
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    // SHA-256 of nothing begins e3 b0 c4 42 (FIPS 180-4).
    EXPECT_EQ(fingerprint("", 4), "47DE");
}

}  // namespace
}  // namespace mlbilling::sandbox
