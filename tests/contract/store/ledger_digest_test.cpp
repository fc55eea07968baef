// What was kept of the ledger finds what somebody changed in it since.
#include "console/ledger_digest.hpp"

#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::SizeIs;

std::string table(const std::vector<DigestLine>& lines) {
    std::string text = "day         last  rows  sum  total  sha256\n";
    for (const auto& line : lines)
        text += line.day + "  " + std::to_string(line.last) + " " + std::to_string(line.rows) +
                " " + std::to_string(line.sum) + " " + std::to_string(line.total) + " " +
                line.hash + "\n";
    return text;
}

TEST_P(StoreContract, TheLedgerIsReadInTheOrderOfItsRows) {
    EXPECT_EQ(run(store().ledger_end()), 0);
    accept(1, "1_1", 100);
    complete(lease("1_1"), 10);
    give(1, 5, "r1");
    const auto end = run(store().ledger_end());
    const auto all = run(store().ledger_rows(0, end, 10));
    ASSERT_THAT(all, SizeIs(3));
    EXPECT_EQ(all[0].type, TransactionType::grant);
    EXPECT_EQ(all[1].task, TaskId("1_1"));
    EXPECT_EQ(all[2].id, end);
    EXPECT_THAT(run(store().ledger_rows(all[0].id, end, 1)), SizeIs(1));
    EXPECT_THAT(run(store().ledger_rows(0, all[1].id, 10)), SizeIs(2));
    EXPECT_THAT(run(store().ledger_rows(end, end, 10)), SizeIs(0));
}

TEST_P(StoreContract, ADigestHasALineForEachDayAndIsTheSameAgain) {
    due_answer(1);
    give(1, 5, "r1");
    clock().advance(Duration(86'400'000));
    give(1, -2, "r2");
    const auto lines = run(digest_of(store()));
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0].rows, 2);
    EXPECT_EQ(lines[0].sum, 25);
    EXPECT_EQ(lines[1].rows, 1);
    EXPECT_EQ(lines[1].sum, -2);
    EXPECT_EQ(lines[1].total, 23);
    EXPECT_LT(lines[0].day, lines[1].day);
    EXPECT_EQ(run(digest_of(store())), lines);
    EXPECT_EQ(parse_digest(table(lines)).value(), lines);
}

TEST_P(StoreContract, WhatIsBookedAfterADigestIsNoDifference) {
    due_answer(1);
    const auto kept = run(digest_of(store()));
    give(1, 5, "r1");
    EXPECT_EQ(run(difference_from(store(), kept)), std::nullopt);
}

TEST_P(StoreContract, ADigestOfAnotherLedgerIsTold) {
    due_answer(1);
    give(1, 5, "r1");
    const auto kept = run(digest_of(store()));
    ASSERT_THAT(kept, SizeIs(1));
    // A row that was changed, as long as it adds up; one that is missing; one too many.
    auto changed = kept;
    changed[0].hash[0] = changed[0].hash[0] == 'a' ? 'b' : 'a';
    EXPECT_THAT(run(difference_from(store(), changed)).value(), testing::HasSubstr("was changed"));
    auto removed = kept;
    removed[0].rows = 3;
    EXPECT_THAT(run(difference_from(store(), removed)).value(),
                testing::HasSubstr("there were 3 with a sum of 25, and now are 2"));
    auto cut_off = kept;
    cut_off[0].last += 1;
    cut_off[0].rows += 1;
    EXPECT_TRUE(run(difference_from(store(), cut_off)).has_value());
}

TEST(LedgerDigest, ATextThatIsNoneIsRefused) {
    EXPECT_FALSE(parse_digest("").ok());
    EXPECT_FALSE(parse_digest("day last rows\n").ok());
    EXPECT_FALSE(parse_digest("2026-11-29 1 1 1 1 abc\n").ok());
    EXPECT_FALSE(parse_digest("[{\"day\": 1}]").ok());
    EXPECT_FALSE(parse_digest("[1").ok());
    const std::string hash(64, 'a');
    EXPECT_TRUE(parse_digest("2026-11-29 1 1 1 1 " + hash + "\r\n").ok());
    EXPECT_FALSE(
        parse_digest("2026-11-29 2 1 1 1 " + hash + "\n2026-11-30 1 1 1 1 " + hash + "\n").ok());
    EXPECT_TRUE(parse_digest("[{\"day\":\"2026-11-29\",\"last\":1,\"rows\":1,\"sum\":1,\"total\":1,"
                             "\"sha256\":\"" +
                             hash + "\"}]")
                    .ok());
}

}  // namespace
}  // namespace mlbilling::test
