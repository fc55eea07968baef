#include <boost/json.hpp>

#include "main/admin.hpp"
#include "main/moment.hpp"
#include "main/report.hpp"

namespace mlbilling {
namespace {

namespace json = boost::json;

json::value optional_number(const std::optional<Credits>& value) {
    return value ? json::value(value->value()) : json::value(nullptr);
}

Report task_report() {
    return Report({"id", "telegram_id", "type", "status", "failure", "held", "cost", "provider",
                   "attempt", "created_at", "finished_at", "asked_as"});
}

void add(Report& report, const TaskRecord& task) {
    report.add(task.id.value(), task.telegram.value(), to_string(task.type), to_string(task.status),
               task.failure == FailureReason::none
                   ? json::value(nullptr)
                   : json::value(json::string(to_string(task.failure))),
               task.held.value(), optional_number(task.cost), task.provider, task.attempt,
               written(task.created_at), written(task.finished_at), task.payload.asked_as);
}

Report ledger_of(const TaskStory& story) {
    Report report(
        {"transaction", "type", "amount", "balance_after", "actor", "reason", "created_at"});
    for (const auto& row : story.transactions)
        report.add(row.id, to_string(row.type), row.amount.value(), row.balance_after.value(),
                   row.actor, row.reason, written(row.created_at));
    return report;
}

Report deliveries_of(const TaskStory& story) {
    Report report(
        {"delivery", "chat_id", "state", "attempt", "parts_sent", "paid", "detail", "sent_at"});
    for (const auto& row : story.deliveries)
        report.add(row.id.value(), row.chat.value(), row.state, row.attempt, row.parts_sent,
                   row.paid, row.detail, written(row.sent_at));
    return report;
}

}  // namespace

Async<int> Admin::list_undelivered(AdminRequest request) {
    Report report(
        {"delivery", "task", "chat_id", "state", "parts_sent", "paid", "detail", "created_at"});
    for (const auto& row : co_await store_.failed_deliveries(request.limit))
        report.add(row.id.value(), row.task ? row.task->value() : "", row.chat.value(), row.state,
                   row.parts_sent, row.paid, row.detail, written(row.created_at));
    report.print(out_, request.json);
    co_return 0;
}

Async<int> Admin::list_tasks(AdminRequest request) {
    if (request.undelivered) co_return co_await list_undelivered(std::move(request));
    auto report = task_report();
    const auto of_user = request.user.value() == 0 ? std::nullopt : std::optional(request.user);
    const auto ids = co_await store_.newest_tasks(of_user, request.limit);
    for (const auto& id : ids) {
        const auto story = co_await store_.story(id);
        if (story) add(report, story->task);
    }
    report.print(out_, request.json);
    co_return 0;
}

Async<int> Admin::show_task(AdminRequest request) {
    const auto story = co_await store_.story(request.task);
    if (!story) co_return fail("no task " + request.task.value());
    auto report = task_report();
    add(report, story->task);
    if (request.json) out_ << "{\"task\":";
    report.print_single(out_, request.json);
    out_ << (request.json ? ",\"ledger\":" : "\nLedger\n");
    ledger_of(*story).print(out_, request.json);
    out_ << (request.json ? ",\"deliveries\":" : "\nDeliveries\n");
    deliveries_of(*story).print(out_, request.json);
    if (request.json) out_ << "}\n";
    co_return 0;
}

Async<int> Admin::retry_task(AdminRequest request) {
    const bool due = co_await store_.retry_task(request.task);
    if (!due)
        co_return fail("task " + request.task.value() + " is not waiting for another attempt");
    co_return co_await show_task(std::move(request));
}

Async<int> Admin::cancel_task(AdminRequest request) {
    const bool cancelled = co_await store_.cancel_task(request.task);
    if (!cancelled)
        co_return fail("task " + request.task.value() + " has started or ended already");
    co_return co_await show_task(std::move(request));
}

Async<int> Admin::refund_task(AdminRequest request) {
    const auto amount = Credits::from(request.amount);
    if (!amount || *amount <= Credits(0))
        co_return fail("a refund is a positive number of credits");
    const auto outcome = co_await store_.refund(request.task, *amount, request.actor,
                                                request.reason, request_of(request));
    co_return print_booking(request, outcome);
}

}  // namespace mlbilling
