#include "results_contract.hpp"

#include "ports/all.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

void ResultStoreContract::put(const std::string& key, std::string bytes) {
    run(harness_->loop(), harness_->store().put(ResultKey(key), std::move(bytes)));
}
std::optional<std::string> ResultStoreContract::get(const std::string& key) {
    return run(harness_->loop(), harness_->store().get(ResultKey(key)));
}
void ResultStoreContract::remove(const std::string& key) {
    run(harness_->loop(), harness_->store().remove(ResultKey(key)));
}
int ResultStoreContract::remove_older_than(Time moment) {
    return run(harness_->loop(), harness_->store().remove_older_than(moment));
}

TEST_P(ResultStoreContract, WhatIsPutIsGot) {
    std::string bytes("OggS\0\xff\n", 7);
    bytes.resize(largest_result, 'x');
    put("-100123_45/1/0.ogg", bytes);
    EXPECT_EQ(get("-100123_45/1/0.ogg"), bytes);
}

TEST_P(ResultStoreContract, AnEmptyBlobIsABlob) {
    put("1_2/1/0.ogg", "");
    EXPECT_EQ(get("1_2/1/0.ogg"), "");
}

TEST_P(ResultStoreContract, WhatWasNeverPutIsNothing) {
    EXPECT_EQ(get("1_2/1/0.ogg"), std::nullopt);
    put("1_2/1/0.ogg", "x");
    EXPECT_EQ(get("1_2/1/1.ogg"), std::nullopt);
    EXPECT_EQ(get("1_2/1"), std::nullopt);
    EXPECT_EQ(get("1_2/1/0.ogg/more"), std::nullopt);
}

TEST_P(ResultStoreContract, TheSameKeyAgainReplaces) {
    put("1_2/1/0.ogg", "a longer first one");
    put("1_2/1/0.ogg", "second");
    EXPECT_EQ(get("1_2/1/0.ogg"), "second");
}

TEST_P(ResultStoreContract, WhatIsRemovedIsGoneAndMayBeRemovedAgain) {
    put("1_2/1/0.ogg", "x");
    put("1_2/1/1.ogg", "y");
    remove("1_2/1/0.ogg");
    remove("1_2/1/0.ogg");
    EXPECT_EQ(get("1_2/1/0.ogg"), std::nullopt);
    EXPECT_EQ(get("1_2/1/1.ogg"), "y");
}

TEST_P(ResultStoreContract, OnlyWhatIsOlderIsRemoved) {
    put("1_1/1/0.ogg", "old");
    put("1_1/1/1.ogg", "old");
    const auto moment = harness_->between();
    put("1_2/1/0.ogg", "young");
    EXPECT_EQ(remove_older_than(moment), 2);
    EXPECT_EQ(get("1_1/1/0.ogg"), std::nullopt);
    EXPECT_EQ(get("1_2/1/0.ogg"), "young");
    EXPECT_EQ(remove_older_than(moment), 0);
}

TEST_P(ResultStoreContract, ManyAtOnceAllArrive) {
    std::vector<Async<void>> puts;
    for (int i = 0; i < 50; ++i)
        puts.push_back(harness_->store().put(ResultKey("1_2/1/" + std::to_string(i) + ".ogg"),
                                             std::to_string(i)));
    run(harness_->loop(), all(std::move(puts)));
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(get("1_2/1/" + std::to_string(i) + ".ogg"), std::to_string(i));
}

TEST_P(ResultStoreContract, WhatIsNoKeyIsNeverFound) {
    put("1_2/1/0.ogg", "x");
    for (const auto* key : {"", "/", "..", "../1_2/1/0.ogg", "1_2/../1_2/1/0.ogg", "/etc/passwd",
                            "1_2//1/0.ogg", "1_2/1/0.ogg/", "./1_2/1/0.ogg"}) {
        EXPECT_EQ(get(key), std::nullopt) << key;
        remove(key);
    }
    EXPECT_EQ(get("1_2/1/0.ogg"), "x");
}

}  // namespace mlbilling::test
