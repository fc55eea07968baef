#include "adapters/sqlite/outbox.hpp"

#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

/// How long the caller of an operation has to publish the row that the operation has written.
constexpr Duration callers_claim{30'000};

constexpr std::string_view name_of(OutboxRecord::Kind kind) {
    return kind == OutboxRecord::Kind::task ? "task" : "reply";
}

struct Written {
    std::string_view state;
    Time due;
};

Written written(const Session& session, const Outgoing& outgoing) {
    switch (outgoing.who) {
        case Outgoing::Who::caller: return {"claimed", session.now + callers_claim};
        case Outgoing::Who::relay: return {"ready", session.now};
        case Outgoing::Who::relay_later: return {"later", outgoing.due};
    }
    return {"ready", session.now};
}

/// A ready row before it is taken.
struct Ready {
    OutboxId id;
    OutboxRecord::Kind kind;
    TaskId task;
    TaskStatus status;
};

std::vector<Ready> ready_rows(Session& session, int limit) {
    auto row = session.database.query(R"(
        SELECT o.id, o.kind, o.task_id, t.status
          FROM outbox o JOIN tasks t ON t.id = o.task_id
         WHERE o.state = 'ready' ORDER BY o.turn, o.id LIMIT ?)",
                                      limit);
    std::vector<Ready> rows;
    while (row.next()) {
        const auto id = row.read<OutboxId>();
        const auto kind = row.read<std::string>() == "task" ? OutboxRecord::Kind::task
                                                            : OutboxRecord::Kind::reply;
        auto task = row.read<TaskId>();
        rows.push_back({id, kind, std::move(task), row.read_name(parse_task_status)});
    }
    return rows;
}

void make_lapsed_claims_ready(Session& session) {
    session.database.run(
        "UPDATE outbox SET state = 'ready' WHERE state = 'claimed' AND due_at <= ?", session.now);
}

}  // namespace

OutboxRecord put_in_outbox(Session& session, OutboxRecord::Kind kind, const TaskRecord& task,
                           Outgoing outgoing) {
    const auto [state, due] = written(session, outgoing);
    // REPLACE gives the row a new id, so that a late mark of the old one does not hit it. The turn
    // is one after the user's last, but not before the turn that is being served: a newcomer waits
    // for nobody's whole backlog.
    session.database.run(R"(
        INSERT OR REPLACE INTO outbox (kind, task_id, user_id, state, due_at, created_at, turn)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                max(coalesce((SELECT max(turn) + 1 FROM outbox
                               WHERE user_id = ?3 AND state <> 'published'), 1),
                    coalesce((SELECT min(turn) FROM outbox WHERE state = 'ready'), 1))))",
                         name_of(kind), task.id, task.user, state, due, session.now);
    return {OutboxId(session.database.last_insert_id()), kind, task};
}

void remove_from_outbox(Session& session, const TaskId& task) {
    session.database.run("DELETE FROM outbox WHERE task_id = ? AND kind = 'task'", task);
}

bool is_in_outbox(Session& session, const TaskId& task) {
    return session.database
        .query("SELECT 1 FROM outbox WHERE task_id = ? AND state <> 'published'", task)
        .next();
}

std::vector<OutboxRecord> take_outbox(Session& session, int limit, Duration claim_for) {
    CHECK(limit >= 0);
    make_lapsed_claims_ready(session);
    make_due_retries_ready(session);
    std::vector<OutboxRecord> taken;
    for (auto& row : ready_rows(session, limit)) {
        if (row.kind == OutboxRecord::Kind::task && row.status != TaskStatus::created) {
            remove_from_outbox(session, row.task);
            continue;
        }
        session.database.run("UPDATE outbox SET state = 'claimed', due_at = ? WHERE id = ?",
                             session.now + claim_for, row.id);
        taken.push_back({row.id, row.kind, read_task(session, row.task)});
    }
    return taken;
}

void published(Session& session, const std::vector<OutboxId>& ids) {
    for (const auto& id : ids) {
        session.database.run("DELETE FROM outbox WHERE id = ? AND kind = 'reply'", id);
        session.database.run(
            "UPDATE outbox SET state = 'published', due_at = ? WHERE id = ? AND kind = 'task'",
            session.now, id);
    }
}

void not_published(Session& session, const std::vector<OutboxId>& ids) {
    for (const auto& id : ids)
        session.database.run(
            "UPDATE outbox SET state = 'ready', due_at = ? WHERE id = ? AND state = 'claimed'",
            session.now, id);
}

int make_due_retries_ready(Session& session) {
    return session.database.run(
        "UPDATE outbox SET state = 'ready' WHERE state = 'later' AND due_at <= ?", session.now);
}

int republish(Session& session, Time moment, int limit) {
    return session.database.run(R"(
        UPDATE outbox SET state = 'ready', due_at = ?
         WHERE id IN (SELECT id FROM outbox WHERE state = 'published' AND due_at <= ?
                       ORDER BY due_at LIMIT ?))",
                                session.now, moment, limit);
}

}  // namespace mlbilling::sqlite
