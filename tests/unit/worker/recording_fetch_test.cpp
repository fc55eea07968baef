// How the file of a recording comes from Telegram.
#include "recognition_workshop.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;

telegram::Error failed(Failure failure, Duration retry_after = Duration(0)) {
    return {failure, "description", retry_after, std::nullopt};
}

TEST_F(RecognitionTest, AFileThatTelegramDoesNotGiveIsSaid) {
    telegram.failures = {failed(Failure::file_unavailable)};
    run(1);
    expect_failure(FailureReason::file_unavailable);
}

TEST_F(RecognitionTest, AFileThatIsTooLargeIsSaid) {
    telegram.failures = {failed(Failure::too_large)};
    run(1);
    expect_failure(FailureReason::too_large);
}

TEST_F(RecognitionTest, ADownloadThatBreaksIsTriedAgainWithoutTouchingTheBudget) {
    options.retry_budget = 0;
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    telegram.failures = {failed(Failure::ambiguous)};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(metrics.count("retried"), 1);
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").attempt, 2);
}

TEST_F(RecognitionTest, TelegramsRetryAfterIsObeyed) {
    telegram.failures = {failed(Failure::too_many_requests, Duration(90'000))};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_GE(*task("1_1").next_attempt_at, task("1_1").created_at + Duration(90'000));
}

TEST_F(RecognitionTest, ADownloadThatNeverWorksEndsAsAnUnavailableFile) {
    options.retry.max_attempts = 1;
    telegram.failures = {failed(Failure::not_sent)};
    run(5);
    expect_failure(FailureReason::file_unavailable);
}

TEST_F(RecognitionTest, ARecordingIsFetchedOnlyWhenThereIsRoomForItsFile) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.takes = Duration(20'000);
    options.limits.largest_file = options.limits.files_in_memory = 1'000;
    for (const auto* id : {"1_1", "1_2"}) add(id, 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(1'000);
    EXPECT_EQ(telegram.downloads, 1);
    advance(60'000);
    EXPECT_EQ(telegram.downloads, 2);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_2").status, TaskStatus::completed);
}

TEST_F(RecognitionTest, AFileThatIsFetchedTakesNoMoreRoomThanItHasBytes) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.takes = Duration(20'000);
    options.limits.largest_file = 1'000;
    options.limits.files_in_memory = 1'010;
    for (const auto* id : {"1_1", "1_2"}) add(id, 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(1'000);
    EXPECT_EQ(telegram.downloads, 2);
}

}  // namespace
}  // namespace mlbilling::test
