#include "cascade/nearest_voice.hpp"

#include <gtest/gtest.h>

#include "cascade/operation_tag.hpp"

namespace mlbilling::test {
namespace {

const std::vector<Voice> yandex{{"marina", "Marina", "ru"},
                                {"kirill", "Kirill", "ru"},
                                {"john", "John", "en"},
                                {"amira", "Amira", "kk"}};
const std::vector<Voice> local{{"espeak-ru", "Espeak", "ru"},
                               {"slt", "Slt", "en"},
                               {"rms", "Rms", "en"},
                               {"john", "Another John", "en"}};

TEST(NearestVoice, TheUnionHasEachIdOnce) {
    const auto all = union_of({yandex, local});
    ASSERT_EQ(all.size(), 7U);
    EXPECT_EQ(all[2].title, "John");
}

TEST(NearestVoice, IsTheVoiceItselfWhereItExists) {
    const auto all = union_of({yandex, local});
    EXPECT_EQ(nearest_voice(yandex, all, "kirill"), "kirill");
    EXPECT_EQ(nearest_voice(local, all, "john"), "john");
}

TEST(NearestVoice, SpeaksTheSameLanguage) {
    const auto all = union_of({yandex, local});
    EXPECT_EQ(nearest_voice(local, all, "marina"), "espeak-ru");
    EXPECT_EQ(nearest_voice(local, all, "kirill"), "espeak-ru");
    EXPECT_EQ(nearest_voice(yandex, all, "slt"), "john");
    EXPECT_EQ(nearest_voice(local, all, "amira"), std::nullopt);
}

TEST(NearestVoice, TwoVoicesStayTwoWhereThereAreTwo) {
    const auto all = union_of({local, yandex});
    const std::vector<Voice> other{{"a", "A", "ru"}, {"b", "B", "ru"}, {"c", "C", "ru"}};
    EXPECT_NE(nearest_voice(other, all, "marina"), nearest_voice(other, all, "kirill"));
}

TEST(NearestVoice, WhatNobodyKnowsIsLeftToTheProvider) {
    const auto all = union_of({yandex, local});
    EXPECT_EQ(nearest_voice(local, all, "no-such-voice"), "no-such-voice");
}

TEST(OperationTag, IsReadAsItWasWritten) {
    const auto read = read_tag(tagged("yandex", "f8d:with:colons"));
    EXPECT_EQ(read.provider, "yandex");
    EXPECT_EQ(read.operation, "f8d:with:colons");
    EXPECT_EQ(read_tag("f8d").provider, "");
    EXPECT_EQ(read_tag("f8d").operation, "f8d");
}

}  // namespace
}  // namespace mlbilling::test
