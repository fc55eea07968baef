// The primary dies under load, its replica takes over, and nothing acknowledged is lost.
#include <gmock/gmock.h>

#include "base/unavailable.hpp"
#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

/// Users who send task after task and note what was acknowledged to them.
class Load {
  public:
    Load(boost::asio::io_context& loop, postgres::PostgresStore& store, int users) : store_(store) {
        for (int user = 1; user <= users; ++user)
            boost::asio::co_spawn(loop, send_tasks(user), [this](std::exception_ptr error) {
                if (error) error_ = error;
                ++ended_;
            });
        users_ = users;
    }

    void run_until(boost::asio::io_context& loop, std::size_t acknowledged) {
        loop.restart();
        while (acknowledged_.size() < acknowledged && ended_ == 0 && loop.run_one() > 0) {
        }
        if (error_) std::rethrow_exception(error_);
    }
    void stop(boost::asio::io_context& loop) {
        stopping_ = true;
        while (ended_ < users_) loop.run_one();
    }

    const std::vector<TaskId>& acknowledged() const { return acknowledged_; }
    int interruptions() const { return interruptions_; }

  private:
    Async<void> send_tasks(int user) {
        for (std::int64_t task = 1; !stopping_; ++task) {
            auto request = text_task(user, task, 10);
            request.start.credits = Credits(1'000'000);
            co_await send(std::move(request));
        }
    }

    Async<void> send(TaskRequest request) {
        while (!stopping_) {
            bool interrupted = false;
            try {
                const auto outcome = co_await store_.accept(request);
                // Known: it was accepted, though its connection was lost before we heard of it.
                CHECK(std::holds_alternative<Accepted>(outcome) ||
                      std::holds_alternative<AlreadyKnown>(outcome));
            } catch (const Unavailable&) {
                interrupted = true;
            }
            if (!interrupted) {
                acknowledged_.push_back(request.id);
                co_return;
            }
            ++interruptions_;
        }
    }

    postgres::PostgresStore& store_;
    std::vector<TaskId> acknowledged_;
    std::exception_ptr error_;
    bool stopping_ = false;
    int users_ = 0;
    int ended_ = 0;
    int interruptions_ = 0;
};

TEST(PostgresFailover, NothingAcknowledgedIsLost) {
    PostgresServer primary;
    primary.execute("postgres", "CREATE DATABASE book");
    migrate(primary.url("book"));
    PostgresServer replica(primary, "replica");
    primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'replica'");
    primary.execute("postgres", "SELECT pg_reload_conf()");

    boost::asio::io_context loop;
    const auto url = "postgresql://postgres@127.0.0.1:" + std::to_string(primary.port()) +
                     ",127.0.0.1:" + std::to_string(replica.port()) +
                     "/book?target_session_attrs=read-write";
    const auto store = open_store(loop, url);
    Load load(loop, *store, 20);
    load.run_until(loop, 300);
    primary.kill();
    replica.promote();
    const auto before = load.acknowledged().size();
    load.run_until(loop, before + 300);
    load.stop(loop);

    std::string ids;
    for (const auto& id : load.acknowledged()) ids += "('" + id.value() + "'),";
    ids.pop_back();
    EXPECT_EQ(replica.value("book", "SELECT count(*) FROM (VALUES " + ids +
                                        ") a (id) WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE "
                                        "t.id = a.id)"),
              "0");
    EXPECT_THAT(test::run(loop, store->verify()), testing::IsEmpty());
}

}  // namespace
}  // namespace mlbilling::test
