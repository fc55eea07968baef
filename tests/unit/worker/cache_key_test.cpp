#include "worker/cache_key.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mlbilling {
namespace {

Payload text_payload() {
    Payload payload;
    payload.data = "Hello";
    payload.voice = "slt";
    return payload;
}

TEST(CacheKey, EqualRequestsHaveEqualKeys) {
    EXPECT_EQ(cache_key(TaskType::text, text_payload(), "local"),
              cache_key(TaskType::text, text_payload(), "local"));
}

TEST(CacheKey, EverythingThatShapesTheResultIsInIt) {
    std::set<std::string> keys{cache_key(TaskType::text, text_payload(), "local"),
                               cache_key(TaskType::text, text_payload(), "yandex")};
    auto other = text_payload();
    other.data = "Hello!";
    keys.insert(cache_key(TaskType::text, other, "local"));
    other = text_payload();
    other.voice = "kal";
    keys.insert(cache_key(TaskType::text, other, "local"));
    other = text_payload();
    other.speed_percent = 101;
    keys.insert(cache_key(TaskType::text, other, "local"));
    Payload voice;
    voice.file_unique_id = "u";
    keys.insert(cache_key(TaskType::voice, voice, "local"));
    voice.spoken_language = "ru";
    keys.insert(cache_key(TaskType::voice, voice, "local"));
    EXPECT_EQ(keys.size(), 7U);
}

TEST(CacheKey, FieldsCannotRunIntoEachOther) {
    auto one = text_payload();
    auto two = text_payload();
    one.data = "ab";
    one.voice = "c";
    two.data = "a";
    two.voice = "bc";
    EXPECT_NE(cache_key(TaskType::text, one, "p"), cache_key(TaskType::text, two, "p"));
}

TEST(CacheKey, WhatTheResultDoesNotDependOnIsNotInIt) {
    auto other = text_payload();
    other.reply_format = ReplyFormat::file;
    other.spoken_language = "ru";
    EXPECT_EQ(cache_key(TaskType::text, text_payload(), "p"),
              cache_key(TaskType::text, other, "p"));
}

TEST(CacheKey, ItIsAHashThatHoldsNoText) {
    const auto key = cache_key(TaskType::text, text_payload(), "local");
    EXPECT_EQ(key.size(), 64U);
    EXPECT_EQ(key.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(CacheKey, ARecordingWithoutUniqueIdHasNone) {
    EXPECT_EQ(cache_key(TaskType::voice, Payload{}, "local"), "");
}

}  // namespace
}  // namespace mlbilling
