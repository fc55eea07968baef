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

bool has(std::span<const Job> jobs, Access access) {
    return std::ranges::any_of(jobs, [&](const Job& job) { return job.access == access; });
}

}  // namespace

void run_batch(Connection& database, const Clock& clock, std::span<Job> jobs) {
    const bool durable = has(jobs, Access::write);
    const bool writes = durable || has(jobs, Access::relaxed_write);
    try {
        if (writes) {
            database.set_durable(durable);
            database.run("BEGIN IMMEDIATE");
        } else {
            database.run("BEGIN");
        }
        perform_all(database, clock, jobs, writes);
        database.run("COMMIT");
    } catch (const Unavailable& failure) {
        database.roll_back();
        for (auto& job : jobs)
            if (!job.error) job.error = std::make_exception_ptr(Unavailable(failure.what()));
    } catch (...) {
        // Only the one job of a batch of one gets here.
        database.roll_back();
        jobs.front().error = std::current_exception();
    }
}

}  // namespace mlbilling::sqlite
