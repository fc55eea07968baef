#include "worker/reception.hpp"

#include "base/log.hpp"
#include "domain/text.hpp"
#include "texts/failure_text.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling {
namespace {

const Disposal done{Disposal::Kind::acknowledge, {}};

/// Where the message wants its reply, or nowhere.
std::string reply_queue_of(const Message& message) {
    return is_reply_queue(message.reply_to) ? message.reply_to : std::string();
}

TaskRequest request_of(const TaskMessage& asked, const Message& message) {
    TaskRequest request;
    // Nothing but the id is known of another producer's user.
    request.sender = Sender{asked.user, {}, Language::english};
    request.id = asked.task;
    request.correlation = message.correlation_id;
    request.type = asked.type;
    request.data = asked.data;
    if (asked.type == TaskType::text)
        request.claimed = Units(static_cast<std::int64_t>(count_code_points(asked.data)));
    request.reply_to = reply_queue_of(message);
    return request;
}

/// Whether the task is what is asked for; another's result is nobody else's to read.
bool is_same(const TaskRecord& task, const TaskMessage& asked, const Message& message) {
    return task.telegram == asked.user && task.type == asked.type &&
           task.payload.data == asked.data && task.reply_to == reply_queue_of(message);
}

}  // namespace

Async<Reception::Admission> Reception::admit(Message message) {
    auto parsed = parse_task_message(message.body);
    if (!parsed) co_return co_await refuse(std::move(message), parsed.error());
    auto asked = *std::move(parsed);
    if (const auto meant = task_meant(message)) {
        auto outcome = co_await ports_.work.lease(*meant, worker_, lease_);
        if (auto* leased = std::get_if<Leased>(&outcome)) co_return std::move(*leased);
        auto& existing = std::get<NotLeased>(outcome).task;
        if (existing)
            co_return co_await known(std::move(message), std::move(asked), *std::move(existing));
        // A book that was restored knows less than the queue: what it forgot is asked for anew.
    }
    co_return co_await accept(std::move(message), std::move(asked));
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

std::optional<std::string> Reception::problem_with(const TaskMessage& asked) const {
    if (asked.type != TaskType::text) return std::nullopt;
    if (!has_words(asked.data))
        return failure_text(Language::english, FailureReason::nothing_to_say);
    if (count_code_points(asked.data) <= max_text_) return std::nullopt;
    const auto limit =
        counted(Language::english, Noun::character, static_cast<std::int64_t>(max_text_));
    return render(Language::english, TextId::text_too_long, {{"limit", limit}});
}

Async<Reception::Admission> Reception::accept(Message message, TaskMessage asked) {
    if (asked.type == TaskType::text) asked.data = normalised(asked.data);
    if (auto problem = problem_with(asked))
        co_return co_await answer_error(std::move(message), std::move(asked), *std::move(problem));
    auto request = request_of(asked, message);
    request.start = start_;
    request.time_limit = time_limit_;
    auto outcome = co_await ports_.intake.accept(std::move(request));
    if (auto* accepted = std::get_if<Accepted>(&outcome)) {
        auto task = accepted->task.id;
        log::info("task of another producer accepted", {{"task", task}});
        co_await ports_.outbox.discard(std::move(accepted->outbox));
        co_return co_await lease(std::move(message), std::move(asked), std::move(task));
    }
    auto* repeated = std::get_if<AlreadyKnown>(&outcome);
    if (repeated == nullptr)
        co_return co_await not_accepted(std::move(message), std::move(asked), std::move(outcome));
    if (!repeated->task) {
        // Without an update of ours only a task makes a request known: an operator must see it.
        log::error("a known task does not exist", {{"task", asked.task}});
        co_return Disposal{Disposal::Kind::reject, "the store knows the task but has none"};
    }
    auto task = *std::move(repeated->task);
    if (is_final(task.status) || !is_same(task, asked, message))
        co_return co_await known(std::move(message), std::move(asked), std::move(task));
    co_return co_await lease(std::move(message), std::move(asked), std::move(task.id));
}

Async<Reception::Admission> Reception::lease(Message message, TaskMessage asked, TaskId task) {
    auto outcome = co_await ports_.work.lease(task, worker_, lease_);
    if (auto* leased = std::get_if<Leased>(&outcome)) co_return std::move(*leased);
    auto& existing = std::get<NotLeased>(outcome).task;
    if (existing)
        co_return co_await known(std::move(message), std::move(asked), *std::move(existing));
    // Accepted, and yet not there: the store contradicts itself, and an operator must see it.
    log::error("an accepted task does not exist", {{"task", task}});
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
    if (!is_same(task, asked, message))
        co_return co_await answer_error(std::move(message), std::move(asked),
                                        "task_id already names another task");
    // Our own bot delivers from the database, whatever reaches its reply queue.
    const bool ours = task.place.has_value() && task.reply_to == message.reply_to;
    if (is_final(task.status) && !ours) {
        auto first = reply_to_task(task);
        // What is a copy of our bot's message is answered by the name that it used.
        first.task = asked.task;
        co_await reply(message, std::move(first));
    }
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
