#include "adapters/sqlite/batch.hpp"

#include <algorithm>

#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

void perform(Connection& database, const Clock& clock, Job& job) {
    Session session{database, clock.now()};
    job.operation(session);
}

/// Runs the job so that the others survive it.
void perform_guarded(Connection& database, const Clock& clock, Job& job) {
    database.run("SAVEPOINT job");
    try {
        perform(database, clock, job);
    } catch (...) {
        job.error = std::current_exception();
    }
    if (job.error) {
        // After some failures SQLite has rolled back everything by itself
        // (sqlite.org/lang_transaction.html,
        // 3. Response To Errors Within A Transaction).
        if (!database.in_transaction())
            throw Unavailable("database: the transaction was rolled back");
        database.run("ROLLBACK TO job");
    }
    database.run("RELEASE job");
}

void perform_all(Connection& database, const Clock& clock, std::span<Job> jobs, bool writes) {
    if (!writes) {
        for (auto& job : jobs) {
            try {
                perform(database, clock, job);
            } catch (...) {
                job.error = std::current_exception();
            }
        }
    } else if (jobs.size() == 1) {
        perform(database, clock, jobs.front());
    } else {
        for (auto& job : jobs) perform_guarded(database, clock, job);
    }
}

void roll_back(Connection& database) {
    if (!database.in_transaction()) return;
    try {
        database.run("ROLLBACK");
    } catch (const Unavailable&) {
        // The cause is on its way to the callers; a transaction that is still open is found below.
    }
    CHECK(!database.in_transaction());
}

}  // namespace

void run_batch(Connection& database, const Clock& clock, std::span<Job> jobs) {
    const bool writes =
        std::ranges::any_of(jobs, [](const Job& job) { return job.access == Access::write; });
    try {
        if (writes) {
            database.run("BEGIN IMMEDIATE");
        } else {
            database.run("BEGIN");
        }
        perform_all(database, clock, jobs, writes);
        database.run("COMMIT");
    } catch (const Unavailable& failure) {
        roll_back(database);
        for (auto& job : jobs)
            if (!job.error) job.error = std::make_exception_ptr(Unavailable(failure.what()));
    } catch (...) {
        // Only the one job of a batch of one gets here.
        roll_back(database);
        jobs.front().error = std::current_exception();
    }
}

}  // namespace mlbilling::sqlite
