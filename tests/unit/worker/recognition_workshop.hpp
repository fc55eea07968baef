#pragma once

#include <gmock/gmock.h>

#include "workshop.hpp"

namespace mlbilling::test {

/// A worker that is asked to read recordings.
class RecognitionTest : public Workshop {
  protected:
    TaskRecord& add(const std::string& id, std::int64_t held) {
        auto& added = store.add(id, TaskType::voice, "AwAD", Credits(held));
        added.payload.file_unique_id = "unique";
        return added;
    }
    void run(std::int64_t held) {
        add("1_1", held);
        start();
        ask("1_1");
        advance(60'000);
    }
    void expect_failure(FailureReason reason) {
        EXPECT_EQ(task("1_1").status, TaskStatus::error);
        EXPECT_EQ(task("1_1").failure, reason);
        EXPECT_EQ(task("1_1").cost, std::nullopt);
        EXPECT_THAT(speech.recognized, testing::IsEmpty());
        EXPECT_TRUE(queue_is_done());
    }
};

}  // namespace mlbilling::test
