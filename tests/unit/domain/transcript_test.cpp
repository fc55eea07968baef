#include "domain/transcript.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mlbilling {
namespace {

TEST(Transcript, RemarksAreNoSpeech) {
    for (const std::string text :
         {"[BLANK_AUDIO]", "(music)", "*sighs*", "♪ ♪", "♪ la la ♪", "[Music] (applause).",
          "<noise>", "[шум] ...", "(звучит [тихая] музыка)", "【音楽】", "", "...",
          "[BLANK_AUDIO] [BLANK_AUDIO]"})
        EXPECT_TRUE(is_only_remarks(text)) << text;
}

TEST(Transcript, SpeechBesideARemarkIsSpeech) {
    for (const std::string text : {"Привет [смех]", "(music) hello", "[open", "it is *very* good",
                                   "1 (one)", "♪ la la", "a*"})
        EXPECT_FALSE(is_only_remarks(text)) << text;
}

TEST(Transcript, KnowsWhatRecognisersInvent) {
    for (const std::string text :
         {"Thank you for watching!", "Thanks for watching. Please subscribe.",
          "Продолжение следует...", "Субтитры сделал DimaTorzok", "Субтитры создавал DimaTorzok",
          "Редактор субтитров А.Семкин Корректор А.Егорова", "СПАСИБО ЗА ПРОСМОТР!", "you",
          "Thank you.", "Subtitles by the Amara.org community"})
        EXPECT_TRUE(is_invented_for_silence(text)) << text;
}

TEST(Transcript, WhatPeopleSayIsNotInvented) {
    for (const std::string text :
         {"", "Thank you for the flowers", "Спасибо за просмотр моей квартиры, жду вас завтра",
          "Продолжение следует завтра",
          "Субтитры сделал мой брат, а потом мы долго их вместе правили",
          "Thank you. I will call you later."})
        EXPECT_FALSE(is_invented_for_silence(text)) << text;
}

}  // namespace
}  // namespace mlbilling
