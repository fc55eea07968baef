// No statement of the hot paths reads a whole table.
#include <set>

#include "adapters/sqlite/deliveries.hpp"
#include "adapters/sqlite/intake.hpp"
#include "adapters/sqlite/migrations.hpp"
#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/sharing.hpp"
#include "adapters/sqlite/upkeep.hpp"
#include "adapters/sqlite/work.hpp"
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using sqlite::Session;

class SqlitePlans : public SqliteTest {
  protected:
    /// Every operation of the hot paths and of the sweep, once.
    void run_everything(Session& session) {
        auto request = text_request(1, "a");
        request.update = UpdateKey{BotId(1), UpdateId(1)};
        const auto accepted = std::get<Accepted>(sqlite::accept(session, request));
        request.ask_above = Credits(0);
        request.update->update = UpdateId(2);
        request.id = TaskId("b");
        sqlite::accept(session, request);
        const auto update = UpdateKey{BotId(1), UpdateId(3)};
        sqlite::accept_proposal(session, {update,
                                          request.sender,
                                          ProposalId(1),
                                          ChatId(1),
                                          MessageId(9),
                                          "",
                                          {Credits(1)},
                                          Duration(1'000)});
        const Place place{ChatId(1), MessageId(1)};
        sqlite::cancel(session,
                       {{BotId(1), UpdateId(4)}, request.sender, place, {}, {}, {Credits(1)}}, {});
        sqlite::not_published(session, {accepted.outbox.id});
        sqlite::take_outbox(session, 10, Duration(1'000));
        sqlite::published(session, {accepted.outbox.id});
        settle_everything(session);
        sqlite::find_profile(session, TelegramId(1));
        sqlite::history(session, TelegramId(1), 5, 10);
        sqlite::newest_tasks(session, TelegramId(1), 10);
        sqlite::newest_tasks(session, {}, 10);
        sqlite::story(session, TaskId("a"));
        sqlite::failed_deliveries(session, 10);
        sqlite::users(session, 10);
        sqlite::sweep(session, {});
    }

    static void settle_everything(Session& session) {
        const auto leased =
            std::get<Leased>(sqlite::lease(session, TaskId("a"), "worker", Duration(1'000)));
        const auto epoch = leased.task.epoch;
        sqlite::extend_lease(session, TaskId("a"), epoch, Duration(1'000));
        sqlite::record_operation(session, TaskId("a"), epoch, "x");
        sqlite::adjust_hold(session, TaskId("a"), epoch, Units(10), Credits(1));
        sqlite::find_cached(session, "key");
        Completion completion;
        completion.task = TaskId("a");
        completion.epoch = epoch;
        completion.measured = Units(10);
        completion.charge = Credits(1);
        completion.cache_key = "key";
        sqlite::complete(session, completion);
        sqlite::set_status_message(session, TaskId("a"), MessageId(3));
        const auto claimed = sqlite::claim_result(session, TaskId("a"), Duration(1'000)).value();
        sqlite::postpone(session, claimed.id, claimed.claim, session.now);
        sqlite::due_deliveries(session, 10);
        sqlite::set_status_message(session, TaskId("a"), MessageId(5));
        const auto again = sqlite::claim_delivery(session, claimed.id, Duration(1'000)).value();
        sqlite::ambiguous(session, again.id, again.claim, session.now);
        sqlite::part_sent(session, {again.id, again.claim, MessageId(4), "", true}, Duration(1));
        const QuotaTurn turn{"hourly", "a", {1, Duration(1'000)}};
        sqlite::take_turn(session, turn);
        sqlite::take_turn(session, {"hourly", "b", {1, Duration(1'000)}});
        sqlite::take_turn(session, turn);
        sqlite::give_back_turn(session, "hourly", "a");
        sqlite::refund(session, {TaskId("a"), Credits(1), "operator", "r", "q"});
    }
};

TEST_F(SqlitePlans, NoHotStatementScansATable) {
    sqlite::Connection database(path(), sqlite::Connection::Mode::read_write, true);
    sqlite::migrate(database, clock_.now());
    Session session{database, clock_.now()};
    // The list of migrations and of what the file holds is read at the start only.
    std::set<std::string> start;
    for (const auto& sql : database.statements()) start.insert(sql);
    run_everything(session);
    RawDatabase raw(path());
    int checked = 0;
    for (const auto& sql : database.statements()) {
        if (start.contains(sql)) continue;
        const auto plans = raw.values("EXPLAIN QUERY PLAN " + sql, 3);
        for (const auto& step : plans) {
            // Newest first along the table's own key, cut off by the limit, is no scan of it all.
            const bool newest = sql.find("ORDER BY number DESC LIMIT") != std::string::npos ||
                                sql.find("ORDER BY id DESC LIMIT") != std::string::npos;
            const bool scans = step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW" &&
                               step.find("INDEX outbox_ready") == std::string::npos &&
                               step.find("INDEX refusals_kept") == std::string::npos;
            EXPECT_TRUE(!scans || newest) << step << " in " << sql;
        }
        ++checked;
    }
    EXPECT_GT(checked, 60);
}

}  // namespace
}  // namespace mlbilling::test
