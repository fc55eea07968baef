// What a session sends and reads.
#include <limits>
#include <vector>

#include "client.hpp"

namespace mlbilling::test {
namespace {

using namespace std::string_literals;

Async<int> credits_of(Session& session, int account) {
    auto rows = co_await session.query("SELECT credits FROM accounts WHERE id = $1", account);
    co_return rows.next() ? rows.read<int>() : 0;
}

Async<void> expect_same_values(Session& session) {
    const Time moment(Duration(1'800'000'000'123));
    auto rows = co_await session.query(
        "SELECT $1::int, $2::bigint, $3::bool, $4::text, $5::timestamptz, $6::bigint, $7::int, "
        "$8::text",
        -7, std::numeric_limits<std::int64_t>::min(), true, "привет \"'\\"s, moment, Duration(45),
        Credits(-3), std::optional<std::string>());
    EXPECT_TRUE(rows.next());
    EXPECT_EQ(rows.read<int>(), -7);
    EXPECT_EQ(rows.read<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(rows.read<bool>());
    EXPECT_EQ(rows.read<std::string>(), "привет \"'\\");
    EXPECT_EQ(rows.read<Time>(), moment);
    EXPECT_EQ(rows.read<Duration>(), Duration(45));
    EXPECT_EQ(rows.read<Credits>(), Credits(-3));
    EXPECT_FALSE(rows.read<std::optional<std::string>>().has_value());
    EXPECT_FALSE(rows.next());
}

Async<void> expect_same_arrays(Session& session) {
    const std::vector<std::optional<int>> numbers{1, std::nullopt, -3};
    Parameters parameters;
    parameters.add_array(numbers, [](const auto& number) { return number; });
    parameters.add_array(numbers, [](const auto& number) {
        return number ? std::optional(std::to_string(*number)) : std::nullopt;
    });
    parameters.add_array(numbers, [](const auto& number) { return number.has_value(); });
    auto rows = co_await session.query_with("SELECT * FROM unnest($1, $2, $3)", parameters);
    for (const auto& number : numbers) {
        EXPECT_TRUE(rows.next());
        EXPECT_EQ(rows.read<std::optional<int>>(), number);
        const auto text = rows.read<std::optional<std::string>>();
        EXPECT_EQ(text.has_value(), number.has_value());
        if (number) EXPECT_EQ(*text, std::to_string(*number));
        EXPECT_EQ(rows.read<bool>(), number.has_value());
    }
    EXPECT_FALSE(rows.next());
}

TEST_F(PostgresClient, ReadsBackWhatItSends) {
    auto client = this->client(options());
    run(client.transact(Access::read, expect_same_values));
    run(client.transact(Access::read, expect_same_arrays));
}

Async<std::vector<int>> read_in_another_order(Session& session) {
    auto first = session.query("SELECT 1");
    session.send("UPDATE accounts SET credits = credits + 1 WHERE id = 1");
    auto second = session.query("SELECT credits FROM accounts WHERE id = 1");
    auto later = co_await std::move(second);
    auto sooner = co_await std::move(first);
    later.next();
    sooner.next();
    co_return std::vector<int>{later.read<int>(), sooner.read<int>()};
}

TEST_F(PostgresClient, SendsStatementsBeforeItReadsTheirRows) {
    auto client = this->client(options());
    EXPECT_EQ(run(client.transact(Access::write, read_in_another_order)),
              (std::vector<int>{101, 1}));
    EXPECT_EQ(database().value("SELECT credits FROM accounts WHERE id = 1"), "101");
}

Async<void> change_and_throw(Session& session) {
    co_await session.run("UPDATE accounts SET credits = 0");
    throw std::logic_error("the caller thinks again");
}

TEST_F(PostgresClient, AnOperationThatThrowsChangesNothing) {
    auto client = this->client(options());
    EXPECT_THROW(run(client.transact(Access::write, change_and_throw)), std::logic_error);
    EXPECT_EQ(
        run(client.transact(Access::read, [](Session& session) { return credits_of(session, 1); })),
        100);
}

Async<std::string> commit_mode(Session& session) {
    auto rows = co_await session.query("SHOW synchronous_commit");
    co_return rows.next() ? rows.read<std::string>() : "";
}

TEST_F(PostgresClient, OnlyARelaxedWriteDoesNotWaitForTheDisk) {
    auto settings = options();
    settings.connections = 1;
    auto client = this->client(settings);
    EXPECT_EQ(run(client.transact(Access::relaxed_write, commit_mode)), "off");
    EXPECT_EQ(run(client.transact(Access::write, commit_mode)), "on");
}

Async<int> great_many_rows(Session& session) {
    // More than sockets and buffers hold on either side.
    const std::string long_text(1'000'000, 'x');
    std::vector<Async<Rows>> sent;
    for (int i = 0; i < 20; ++i) sent.push_back(session.query("SELECT $1::text", long_text));
    int bytes = 0;
    for (auto& rows : sent) {
        auto arrived = co_await std::move(rows);
        arrived.next();
        bytes += static_cast<int>(arrived.read<std::string_view>().size());
    }
    co_return bytes;
}

TEST_F(PostgresClient, ReadsWhileItStillSends) {
    auto client = this->client(options());
    EXPECT_EQ(run(client.transact(Access::read, great_many_rows)), 20'000'000);
}

TEST_F(PostgresClient, WithoutPreparedStatementsAllIsTheSame) {
    auto settings = options();
    settings.url += (settings.url.find('?') == std::string::npos ? "?" : "&") +
                    std::string("pooler=transaction");
    auto client = this->client(settings);
    run(client.transact(Access::read, expect_same_values));
    EXPECT_EQ(run(client.transact(Access::write, read_in_another_order)),
              (std::vector<int>{101, 1}));
    EXPECT_EQ(run(client.transact(Access::relaxed_write, commit_mode)), "off");
    auto rows = run(client.execute("SELECT current_setting('statement_timeout')", {}));
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.read<std::string>(), "5s");
}

}  // namespace
}  // namespace mlbilling::test
