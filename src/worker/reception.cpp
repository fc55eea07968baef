#include "worker/reception.hpp"

#include "base/log.hpp"
#include "domain/text.hpp"
#include "texts/failure_text.hpp"
#include "texts/render.hpp"

namespace mlbilling {
namespace {

const Disposal done{Disposal::Kind::acknowledge, {}};

TaskRequest request_of(const TaskMessage& asked, std::string reply_to) {
    TaskRequest request;
    // Nothing but the id is known of another producer's user.
    request.sender = Sender{asked.user, {}, Language::english};
    request.id = asked.task;
    request.type = asked.type;
    request.data = asked.data;
    if (asked.type == TaskType::text)
        request.claimed = Units(static_cast<std::int64_t>(count_code_points(asked.data)));
    request.reply_to = std::move(reply_to);
    return request;
}

/// Whether the task of that id is what is asked for; another's result is nobody else's to read.
bool is_same(const TaskRecord& task, const TaskMessage& asked) {
    return task.telegram == asked.user && task.type == asked.type;
}

}  // namespace

Async<Reception::Admission> Reception::admit(Message message) {
    auto parsed = parse_task_message(message.body);
    if (!parsed) co_return co_await refuse(std::move(message), parsed.error());
    auto asked = *std::move(parsed);
    auto outcome = co_await ports_.work.lease(asked.task, worker_, lease_);
    if (auto* leased = std::get_if<Leased>(&outcome)) co_return std::move(*leased);
    auto& existing = std::get<NotLeased>(outcome).task;
    if (!existing) co_return co_await accept(std::move(message), std::move(asked));
    co_return co_await known(std::move(message), std::move(asked), *std::move(existing));
}

Async<Disposal> Reception::refuse(Message message, UnreadableMessage problem) {
    log::warning("message refused",
                 {{"message_id", message.message_id}, {"reason", problem.reason}});
    if (problem.kind == UnreadableMessage::Kind::unusable) {
        ReplyMessage error;
        error.message = problem.reason;
        error.task = problem.task.value_or(TaskId());
        const auto published = co_await reply(message, std::move(error));
        if (published == Published::confirmed) co_return done;
    }
    // Nobody can be told: it is kept for the operator.
    co_return Disposal{Disposal::Kind::reject, problem.reason};
}

Async<Reception::Admission> Reception::accept(Message message, TaskMessage asked) {
    if (asked.type == TaskType::text) {
        asked.data = normalised(asked.data);
        if (!has_words(asked.data)) {
            auto text = failure_text(Language::english, FailureReason::nothing_to_say);
            co_return co_await answer_error(std::move(message), std::move(asked), std::move(text));
        }
    }
    auto request =
        request_of(asked, is_reply_queue(message.reply_to) ? message.reply_to : std::string());
    request.start_balance = start_balance_;
    request.time_limit = time_limit_;
    auto outcome = co_await ports_.intake.accept(std::move(request));
    if (auto* accepted = std::get_if<Accepted>(&outcome)) {
        log::info("task of another producer accepted", {{"task", asked.task}});
        co_await ports_.outbox.discard(std::move(accepted->outbox));
    } else if (!std::holds_alternative<AlreadyKnown>(outcome)) {
        co_return co_await not_accepted(std::move(message), std::move(asked), std::move(outcome));
    }
    auto lease = co_await ports_.work.lease(asked.task, worker_, lease_);
    if (auto* leased = std::get_if<Leased>(&lease)) co_return std::move(*leased);
    auto& existing = std::get<NotLeased>(lease).task;
    if (existing)
        co_return co_await known(std::move(message), std::move(asked), *std::move(existing));
    // Known, and yet not there: the store contradicts itself, and an operator must see the message.
    log::error("a known task does not exist", {{"task", asked.task}});
    co_return Disposal{Disposal::Kind::reject, "the store knows the task but has none"};
}

Async<Disposal> Reception::not_accepted(Message message, TaskMessage asked, TaskOutcome outcome) {
    const bool banned = std::holds_alternative<Refused>(outcome);
    const auto reason = std::holds_alternative<Insufficient>(outcome)
                            ? FailureReason::insufficient_credits
                            : FailureReason::price_above_limit;
    log::info("task of another producer not accepted",
              {{"task", asked.task}, {"reason", banned ? "banned" : to_string(reason)}});
    auto text = banned ? render(Language::english, TextId::banned)
                       : failure_text(Language::english, reason);
    co_return co_await answer_error(std::move(message), std::move(asked), std::move(text));
}

Async<Disposal> Reception::known(Message message, TaskMessage asked, TaskRecord task) {
    ports_.metrics.duplicate_dropped("lease");
    log::info("task not leased", {{"task", task.id}, {"status", to_string(task.status)}});
    if (!is_same(task, asked))
        co_return co_await answer_error(std::move(message), std::move(asked),
                                        "task_id already names another task");
    // Our own bot delivers from the database, whatever reaches its reply queue.
    const bool ours = task.place.has_value() && task.reply_to == message.reply_to;
    if (is_final(task.status) && !ours) co_await reply(message, reply_to_task(task));
    // Else it is being worked on or waits for its next attempt: the database will bring it back.
    co_return done;
}

Async<Disposal> Reception::answer_error(Message message, TaskMessage asked, std::string text) {
    ReplyMessage error;
    error.message = std::move(text);
    error.type = asked.type;
    error.task = asked.task;
    co_await reply(std::move(message), std::move(error));
    co_return done;
}

Async<Published> Reception::reply(Message message, ReplyMessage reply) {
    if (!is_reply_queue(message.reply_to)) co_return Published::no_such_queue;
    auto correlation = message.correlation_id.empty() ? reply.task.value() : message.correlation_id;
    const auto published = co_await ports_.broker.publish(
        QueueName(message.reply_to), reply_message(reply, std::move(correlation)));
    if (published != Published::confirmed)
        log::warning("reply not delivered", {{"message_id", message.message_id}});
    co_return published;
}

}  // namespace mlbilling
