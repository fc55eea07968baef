#include "adapters/postgres/binary.hpp"

#include <gtest/gtest.h>

namespace mlbilling::postgres {
namespace {

using namespace std::string_literals;

std::string text(std::string_view value) {
    std::string buffer;
    append_text(buffer, value);
    return buffer;
}

TEST(AppendText, LeavesTextAsItIs) {
    EXPECT_EQ(text("plain, привет, 👋\n\t"), "plain, привет, 👋\n\t");
}

TEST(AppendText, ReplacesWhatTheServerWouldRefuse) {
    EXPECT_EQ(text("a\0b"s), "a\xEF\xBF\xBD"s + "b");
    EXPECT_EQ(text("a\xff\xfe"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    // Half a surrogate pair, and a sequence that is cut off.
    EXPECT_EQ(text("\xED\xA0\x80").size(), 9U);
    EXPECT_EQ(text("\xD0"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace mlbilling::postgres
