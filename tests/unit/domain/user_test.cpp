#include "domain/user.hpp"

#include <gtest/gtest.h>

namespace mlbilling {
namespace {

TEST(InterfaceLanguage, FollowsTelegramsLanguageCode) {
    for (const auto* code : {"ru", "ru-RU", "be", "uk", "uk-UA", "kk"})
        EXPECT_EQ(language_for(code), Language::russian) << code;
    for (const auto* code : {"", "en", "en-GB", "de", "rum", "r", "-ru", "zh-hans"})
        EXPECT_EQ(language_for(code), Language::english) << code;
}

}  // namespace
}  // namespace mlbilling
