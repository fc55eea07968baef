// Several processes on one database, each with connections of its own.
#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

class PostgresProcesses : public PostgresStoreTest {
  protected:
    static constexpr int process_count = 4;

    PostgresProcesses() {
        for (int i = 0; i < process_count; ++i)
            processes_.push_back(open_store(loop(), database().url()));
    }

    /// What each process makes of the same work, all at once.
    template <class T, class Work>
    std::vector<T> in_each(Work work) {
        std::vector<Started<T>> started;
        for (const auto& process : processes_) started.emplace_back(loop(), work(*process));
        loop().restart();
        while (!std::ranges::all_of(started, &Started<T>::done)) loop().run_one();
        std::vector<T> values;
        for (const auto& each : started) values.push_back(each.value());
        return values;
    }

    template <class Kind, class Outcome>
    static auto count(const std::vector<Outcome>& outcomes) {
        return std::ranges::count_if(
            outcomes, [](const auto& outcome) { return std::holds_alternative<Kind>(outcome); });
    }

    std::vector<std::unique_ptr<postgres::PostgresStore>> processes_;
};

TEST_F(PostgresProcesses, ATaskIsAcceptedByOneOfThem) {
    for (std::int64_t task = 1; task <= 20; ++task) {
        const auto outcomes = in_each<TaskOutcome>(
            [task](auto& store) { return store.accept(text_task(1, task, 10)); });
        EXPECT_EQ(count<Accepted>(outcomes), 1);
        EXPECT_EQ(count<AlreadyKnown>(outcomes), process_count - 1);
    }
}

TEST_F(PostgresProcesses, ANewUserIsRegisteredAndGrantedOnce) {
    for (std::int64_t user = 1; user <= 10; ++user) {
        // Different tasks of one stranger.
        std::int64_t task = 0;
        in_each<TaskOutcome>(
            [user, &task](auto& store) { return store.accept(text_task(user, ++task, 10)); });
        EXPECT_EQ(run(store().profile(TelegramId(user)))->account,
                  (Account{Credits(20), Credits(process_count)}));
    }
}

TEST_F(PostgresProcesses, TogetherTheyGiveNoMoreGrantsThanTheLimit) {
    std::int64_t user = 0;
    for (int round = 0; round < 12; ++round)
        in_each<TaskOutcome>([&user](auto& store) {
            auto request = text_task(++user, 1, 10);
            request.start.per_hour = 5;
            return store.accept(request);
        });
    const auto sums = run(store().statistics());
    EXPECT_EQ(sums.users, 12 * process_count);
    EXPECT_EQ(sums.starting_grants, 5);
    EXPECT_EQ(sums.grants_delayed, sums.users - 5);
}

TEST_F(PostgresProcesses, OneNameOfManyUsersBecomesATaskForEach) {
    std::int64_t user = 0;
    const auto outcomes = in_each<TaskOutcome>([&user](auto& store) {
        auto request = text_task(++user, 1, 10);
        request.update.reset();
        request.place.reset();
        request.id = TaskId("job");
        return store.accept(request);
    });
    EXPECT_EQ(count<Accepted>(outcomes), process_count);
    for (const auto* id : {"job", "job.2", "job.3", "job.4"})
        EXPECT_TRUE(run(store().find_task(TaskId(id)))) << id;
}

TEST_F(PostgresProcesses, TheLastCreditIsPromisedOnce) {
    // 20 credits, and everyone wants 15 of them.
    std::int64_t task = 0;
    const auto outcomes = in_each<TaskOutcome>(
        [&task](auto& store) { return store.accept(text_task(1, ++task, 150)); });
    EXPECT_EQ(count<Accepted>(outcomes), 1);
    EXPECT_EQ(count<Insufficient>(outcomes), process_count - 1);
}

TEST_F(PostgresProcesses, ATaskIsLeasedByOneAndSettledOnce) {
    for (std::int64_t task = 1; task <= 10; ++task) {
        const auto id = accept(task, 1, 10).task.id;
        const auto leases = in_each<LeaseOutcome>(
            [id](auto& store) { return store.lease(id, "worker", Duration(45'000)); });
        ASSERT_EQ(count<Leased>(leases), 1);
        const auto& leased = std::get<Leased>(
            *std::ranges::find_if(leases, [](const auto& lease) { return lease.index() == 0; }));
        const auto settled = in_each<SettleOutcome>(
            [&leased](auto& store) { return store.complete(completion_of(leased, 1)); });
        EXPECT_EQ(count<Settled>(settled), 1);
        EXPECT_EQ(count<Fenced>(settled), process_count - 1);
    }
}

TEST_F(PostgresProcesses, AnOutboxRowIsTakenByOneOfThem) {
    for (std::int64_t task = 1; task <= 40; ++task)
        run(store().not_published({accept(task, 1, 10).outbox.id}));
    std::vector<TaskId> taken;
    for (const auto& rows : in_each<std::vector<OutboxRecord>>(
             [](auto& store) { return store.take_outbox(100, Duration(30'000)); }))
        for (const auto& row : rows) taken.push_back(row.task.id);
    std::ranges::sort(taken);
    EXPECT_EQ(taken.size(), 40U);
    EXPECT_EQ(std::ranges::adjacent_find(taken), taken.end());
}

TEST_F(PostgresProcesses, SweepsAtOnceMendEachThingOnce) {
    for (std::int64_t task = 1; task <= 40; ++task) {
        const auto id = accept(task, 1, 10).task.id;
        if (task % 2 == 0) lease(id);
    }
    database().execute(
        "UPDATE tasks SET leased_until = now() - interval '1 s' WHERE status = 'processing';"
        "UPDATE outbox SET deadline_at = now() - interval '1 s'");
    SweepReport sum;
    // A sweep leaves what another has locked to that one.
    for (int round = 0; round < 3; ++round)
        for (const auto& report :
             in_each<SweepReport>([](auto& store) { return store.sweep({}); })) {
            sum.leases_expired += report.leases_expired;
            sum.tasks_expired += report.tasks_expired;
        }
    EXPECT_EQ(sum.leases_expired, 20);
    EXPECT_EQ(sum.tasks_expired, 20);
}

TEST_F(PostgresProcesses, ADeliveryIsClaimedByOneOfThem) {
    for (std::int64_t task = 1; task <= 10; ++task) {
        const auto id = accept(task, 1, 10).task.id;
        run(store().complete(completion_of(lease(id), 1)));
        const auto claims = in_each<std::optional<ClaimedDelivery>>(
            [id](auto& store) { return store.claim_result(id, Duration(60'000)); });
        EXPECT_EQ(
            std::ranges::count_if(claims, [](const auto& claim) { return claim.has_value(); }), 1);
    }
}

TEST_F(PostgresProcesses, OneOfThemPolls) {
    int process = 0;
    const auto held = in_each<bool>([&process](auto& store) {
        return store.hold_poll_lease(BotId(1), std::to_string(++process), Duration(10'000));
    });
    EXPECT_EQ(std::ranges::count(held, true), 1);
}

TEST_F(PostgresProcesses, AllOfThemTogetherKeepTheQuota) {
    const QuotaRate rate{.count = 1, .per = Duration(1'000'000)};
    std::vector<Duration> waits;
    for (const auto& wait :
         in_each<Duration>([rate](auto& store) { return store.reserve("quota", rate, 1); }))
        waits.push_back(wait);
    std::ranges::sort(waits);
    for (int i = 0; i < process_count; ++i)
        EXPECT_NEAR(static_cast<double>(waits.at(static_cast<std::size_t>(i)).count()), i * 1e6,
                    1e5);
}

TEST_F(PostgresProcesses, AllOfThemTogetherStandInOneLine) {
    const QuotaRate rate{.count = process_count - 1, .per = Duration(1'000'000)};
    int process = 0;
    std::vector<Duration> waits;
    for (const auto& wait : in_each<Duration>([&](auto& store) {
             return store.take_turn({"hourly", std::to_string(++process), rate});
         }))
        waits.push_back(wait);
    EXPECT_EQ(std::ranges::count(waits, Duration(0)), process_count - 1);
    EXPECT_NEAR(static_cast<double>(std::ranges::max(waits).count()), 1e6, 1e5);
}

}  // namespace
}  // namespace mlbilling::test
