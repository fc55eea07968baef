// What a recording costs, what becomes of it, and what it is answered from.
#include "recognition_workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RecognitionTest, ARecordingIsReadAndChargedByItsMeasuredLength) {
    codec.decoded = DecodedAudio{loud(Duration(10'001)), ""};
    run(6);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").result.text, "hello there");
    EXPECT_EQ(task("1_1").units_measured, Units(10'001));
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 6"));
    ASSERT_EQ(speech.recognized.size(), 1U);
    EXPECT_EQ(speech.recognized[0].language, "en");
    EXPECT_EQ(codec.longest_asked, Duration(4 * 3'600'000));
}

TEST_F(RecognitionTest, ARecordingThatClaimsLessThanItLastsIsHeldInFullBeforeTheProviderIsCalled) {
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    speech.takes = Duration(20'000);
    add("1_1", 3);
    start();
    ask("1_1");
    advance(1000);
    EXPECT_EQ(speech.recognized.size(), 1U);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 150"));
    advance(60'000);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 150", "charge 1_1 150"));
}

TEST_F(RecognitionTest, ARecordingThatTheUserCannotPayInFullIsRefusedUnheard) {
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    store.balances[TelegramId(1)] = Credits(100);
    run(3);
    expect_failure(FailureReason::insufficient_credits);
    EXPECT_EQ(task("1_1").units_measured, Units(300'000));
    EXPECT_THAT(store.book, ElementsAre("release 1_1 3"));
    EXPECT_EQ(codec.listenings, 0);
    EXPECT_EQ(codec.decodings, 0);
}

TEST_F(RecognitionTest, WhatOnlyADecoderCanMeasureIsDecodedNoFurtherThanTheUserCanPay) {
    codec.must_decode = true;
    codec.decoded = DecodedAudio{loud(Duration(200'001)), ""};
    store.balances[TelegramId(1)] = Credits(100);
    run(3);
    expect_failure(FailureReason::insufficient_credits);
    EXPECT_EQ(task("1_1").units_measured, std::nullopt);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 3"));
}

TEST_F(RecognitionTest, WhatOnlyADecoderCanMeasureIsDecodedWhenTheUserCanJustPayIt) {
    codec.must_decode = true;
    codec.decoded = DecodedAudio{loud(Duration(200'000)), ""};
    store.balances[TelegramId(1)] = Credits(100);
    run(3);
    EXPECT_EQ(task("1_1").cost, Credits(100));
}

TEST_F(RecognitionTest, ARecordingIsListenedToAndNotDecodedForAProviderThatTakesItAsItIs) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), "OggS of the user"};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(codec.listenings, 1);
    EXPECT_EQ(codec.decodings, 0);
    EXPECT_EQ(codec.owner_asked, "1");
}

TEST_F(RecognitionTest, ARecordingThatClaimsMoreThanItLastsIsChargedForWhatItLasts) {
    codec.decoded = DecodedAudio{loud(Duration(4'000)), ""};
    run(50);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 2", "charge 1_1 2"));
}

TEST_F(RecognitionTest, AMeasuredPriceAboveTheLimitWaitsForTheUsersYes) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(3);
    expect_failure(FailureReason::price_above_limit);
    EXPECT_EQ(task("1_1").units_measured, Units(300'000));
}

TEST_F(RecognitionTest, APriceThatTheUserHasAcceptedIsNotAskedAgain) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(150);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, APriceBelowTheAcceptedOneIsNotAskedAgain) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(200);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, AnotherProducersUserIsNotAsked) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    add("1_1", 3).place.reset();
    start();
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, SilenceIsNeitherSentToTheProviderNorCharged) {
    codec.decoded = DecodedAudio{silent(Duration(60'000)), ""};
    run(30);
    expect_failure(FailureReason::silence);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 30"));
}

TEST_F(RecognitionTest, ARecordingWithoutSamplesIsSilence) {
    codec.decoded = DecodedAudio{};
    run(1);
    expect_failure(FailureReason::silence);
}

TEST_F(RecognitionTest, AnEmptyTranscriptCostsNothing) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.transcript = " ... \n";
    run(5);
    EXPECT_EQ(task("1_1").failure, FailureReason::silence);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 5"));
}

TEST_F(RecognitionTest, ATranscriptIsCleaned) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.transcript = "  hello\xff\x01there ";
    run(5);
    EXPECT_EQ(task("1_1").result.text, "hello\xEF\xBF\xBD there");
}

TEST_F(RecognitionTest, WhatCannotBeDecodedIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::not_audio;
    run(1);
    expect_failure(FailureReason::not_audio);
}

TEST_F(RecognitionTest, ADamagedRecordingIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::damaged;
    run(1);
    expect_failure(FailureReason::damaged_audio);
}

TEST_F(RecognitionTest, ARecordingBeyondTheLimitIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::too_long;
    run(1);
    expect_failure(FailureReason::too_long);
}

TEST_F(RecognitionTest, TheSameRecordingAgainIsAnsweredFromTheCacheByItsMeasuredLength) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    run(5);
    // The second sender's claim held one credit only; three are the cached price.
    add("1_2", 1);
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 1U);
    EXPECT_TRUE(task("1_2").cached);
    EXPECT_EQ(task("1_2").result.text, "hello there");
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 5", "hold 1_2 3", "charge 1_2 3"));
}

TEST_F(RecognitionTest, AnotherLanguageIsAnotherRequest) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    run(5);
    add("1_2", 5).payload.spoken_language = "ru";
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 2U);
}

TEST_F(RecognitionTest, ARecordingWithoutAUniqueIdIsNeverCached) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    add("1_1", 5).payload.file_unique_id.clear();
    add("1_2", 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 2U);
    EXPECT_THAT(store.cache, IsEmpty());
}

}  // namespace
}  // namespace mlbilling::test
