#include "protocol/outbox_publisher.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/all.hpp"
#include "protocol/messages.hpp"

namespace mlbilling {

Async<void> OutboxPublisher::publish(OutboxRecord record) {
    const auto task = record.task.id;
    try {
        std::vector<OutboxRecord> records;
        records.push_back(std::move(record));
        co_await publish_all(std::move(records));
    } catch (const Unavailable& error) {
        log::warning("message left to the relay", {{"task", task}, {"error", error.what()}});
    }
}

Async<int> OutboxPublisher::publish_all(std::vector<OutboxRecord> records) {
    std::vector<OutboxId> done;
    std::vector<OutboxId> again;
    std::string failure;
    std::vector<Async<void>> sends;
    for (auto& record : records)
        sends.push_back(send_into(std::move(record), &done, &again, &failure));
    co_await all(std::move(sends));
    const auto count = static_cast<int>(done.size());
    co_await mark(std::move(done), std::move(again));
    if (!failure.empty()) throw Unavailable(failure);
    co_return count;
}

Async<void> OutboxPublisher::discard(OutboxRecord record) {
    const auto task = record.task.id;
    try {
        std::vector<OutboxId> ids{record.id};
        co_await store_.published(std::move(ids));
    } catch (const Unavailable& error) {
        log::warning("message left to the relay", {{"task", task}, {"error", error.what()}});
    }
}

// The vectors and the text live in publish_all's frame, which waits for every one of these.
Async<void> OutboxPublisher::send_into(OutboxRecord record, std::vector<OutboxId>* done,
                                       std::vector<OutboxId>* again, std::string* failure) {
    const auto id = record.id;
    try {
        const auto fate = co_await send(std::move(record));
        if (fate == Fate::done) done->push_back(id);
        if (fate == Fate::due_at_once) again->push_back(id);
    } catch (const Unavailable& error) {
        // It may have got there: a second message of a task changes nothing, and one that waits out
        // its claim comes long after the broker is back.
        again->push_back(id);
        *failure = error.what();
    }
}

Async<OutboxPublisher::Fate> OutboxPublisher::send(OutboxRecord record) {
    switch (record.kind) {
        case OutboxRecord::Kind::task: co_return co_await send_task(std::move(record.task));
        case OutboxRecord::Kind::reply: co_return co_await send_reply(std::move(record.task));
    }
    co_return Fate::claim_runs_out;
}

Async<OutboxPublisher::Fate> OutboxPublisher::send_task(TaskRecord task) {
    auto published = co_await broker_.publish(task_queue(), task_message(task));
    if (published == Published::no_such_queue) {
        // A broker that was wiped; the queue is ours to make again.
        co_await broker_.declare(task_queue());
        published = co_await broker_.publish(task_queue(), task_message(task));
    }
    log::debug("task published",
               {{"task", task.id}, {"confirmed", published == Published::confirmed}});
    co_return published == Published::confirmed ? Fate::done : Fate::due_at_once;
}

Async<OutboxPublisher::Fate> OutboxPublisher::send_reply(TaskRecord task) {
    if (!is_reply_queue(task.reply_to)) co_return Fate::done;
    const auto published = co_await broker_.publish(QueueName(task.reply_to), reply_message(task));
    switch (published) {
        case Published::confirmed: co_return Fate::done;
        // Waiting out the claim keeps a reader that has stopped from taking all of the relay's
        // turns.
        case Published::full: co_return Fate::claim_runs_out;
        // A reply queue lives as long as its owner and a while more: nobody is left who wants this.
        // The result stays in the database, and the same task id asked again is answered with it.
        case Published::no_such_queue:
            log::warning("reply dropped: its queue is gone", {{"task", task.id}});
            co_return Fate::done;
    }
    co_return Fate::claim_runs_out;
}

Async<void> OutboxPublisher::mark(std::vector<OutboxId> done, std::vector<OutboxId> again) {
    if (!done.empty()) co_await store_.published(std::move(done));
    if (!again.empty()) co_await store_.not_published(std::move(again));
}

}  // namespace mlbilling
