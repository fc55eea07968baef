#include "results_contract.hpp"

#include "ports/all.hpp"
#include "read_blob.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

void ResultStoreContract::put(const std::string& key, std::string bytes) {
    run(harness_->loop(), harness_->store().put(ResultKey(key), std::move(bytes)));
}
std::optional<std::string> ResultStoreContract::get(const std::string& key) {
    return run(harness_->loop(), read_blob(&harness_->store(), ResultKey(key)));
}
std::optional<std::size_t> ResultStoreContract::size_of(const std::string& key) {
    return run(harness_->loop(), harness_->store().size_of(ResultKey(key)));
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

TEST_P(ResultStoreContract, ABlobComesInPiecesOfWhichEachIsSmall) {
    std::string bytes;
    while (bytes.size() < largest_result) bytes += std::to_string(bytes.size()) + " ";
    bytes.resize(largest_result - 1);
    put("1_2/1/0.ogg", bytes);
    auto blob = run(harness_->loop(), harness_->store().open(ResultKey("1_2/1/0.ogg")));
    ASSERT_TRUE(blob);
    EXPECT_EQ(blob->size(), bytes.size());
    std::string read;
    int pieces = 0;
    for (;;) {
        const auto piece = run(harness_->loop(), blob->read());
        ASSERT_LE(piece.size(), ByteSource::largest_piece);
        if (piece.empty()) break;
        read += piece;
        ++pieces;
    }
    EXPECT_EQ(read, bytes);
    EXPECT_EQ(pieces, 16);
    EXPECT_EQ(run(harness_->loop(), blob->read()), "");
}

TEST_P(ResultStoreContract, ABlobNeedNotBeReadToItsEnd) {
    put("1_2/1/0.ogg", std::string(largest_result, 'x'));
    for (int i = 0; i < 3; ++i) {
        auto blob = run(harness_->loop(), harness_->store().open(ResultKey("1_2/1/0.ogg")));
        EXPECT_EQ(run(harness_->loop(), blob->read()).size(), ByteSource::largest_piece);
    }
    EXPECT_EQ(get("1_2/1/0.ogg").value_or("").size(), largest_result);
}

TEST_P(ResultStoreContract, ItsSizeIsKnownWithoutReadingIt) {
    put("1_2/1/0.ogg", "voice");
    put("1_2/1/1.ogg", "");
    EXPECT_EQ(size_of("1_2/1/0.ogg"), 5U);
    EXPECT_EQ(size_of("1_2/1/1.ogg"), 0U);
    EXPECT_EQ(size_of("1_2/1/2.ogg"), std::nullopt);
    EXPECT_EQ(size_of("../1_2/1/0.ogg"), std::nullopt);
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
