#include "bot/delivery.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/discretion.hpp"
#include "bot/removal.hpp"
#include "domain/names.hpp"

namespace mlbilling::bot {
namespace {

using telegram::Failure;

/// So many messages may come in a burst; a chat takes about one a second in the long run
/// (telegram.md 2).
constexpr std::size_t burst = 3;
constexpr Duration pace{1'000};
constexpr Duration unauthorized_pause{60'000};
/// Added to what Telegram asks for, so that the next call does not come a moment too early.
constexpr Duration slack{250};

/// Why a chat refuses, for the metric.
enum class Reason { unreachable, no_rights, topic, reply, files_forbidden, other };
constexpr Names<Reason, 6> reasons{{{Reason::unreachable, "unreachable"},
                                    {Reason::no_rights, "no_rights"},
                                    {Reason::topic, "topic"},
                                    {Reason::reply, "reply"},
                                    {Reason::files_forbidden, "files_forbidden"},
                                    {Reason::other, "other"}}};
Reason reason_of(Failure failure) {
    switch (failure) {
        case Failure::forbidden:
        case Failure::chat_not_found: return Reason::unreachable;
        case Failure::write_forbidden: return Reason::no_rights;
        case Failure::topic_closed: return Reason::topic;
        case Failure::reply_gone: return Reason::reply;
        case Failure::voice_forbidden: return Reason::files_forbidden;
        default: return Reason::other;
    }
}

constexpr Names<RefusalEnd, 5> ends{{{RefusalEnd::not_ours, "not_ours"},
                                     {RefusalEnd::nothing_paid, "nothing_paid"},
                                     {RefusalEnd::refunded, "refunded"},
                                     {RefusalEnd::kept, "kept"},
                                     {RefusalEnd::offered, "offered"}}};

/// The chat of `{chat_id}_{message_id}`; only the order of work depends on it.
ChatId chat_of(const TaskId& task) {
    const auto& text = task.value();
    std::int64_t chat = 0;
    std::from_chars(text.data(), text.data() + text.size(), chat);
    return ChatId(chat);
}

}  // namespace

void Deliveries::deliver(DeliveryId id, ChatId chat) { lanes_.post(chat, attempt(id)); }

void Deliveries::deliver_result(TaskId task) {
    const auto chat = chat_of(task);
    lanes_.post(chat, attempt_result(std::move(task)));
}

void Deliveries::deliver_due(DeliveryId id) {
    if (swept_.insert(id).second) background_.start("swept delivery", attempt_due(id));
}

Async<void> Deliveries::attempt(DeliveryId id) {
    auto delivery = co_await outside_.deliveries.claim_delivery(id, options_.claim_for);
    if (delivery) co_await send(std::move(*delivery));
}

Async<void> Deliveries::attempt_result(TaskId task) {
    auto delivery = co_await outside_.deliveries.claim_result(task, options_.claim_for);
    // Whatever came of the task, even a question or an answer that others bring, it does not run
    // any more.
    co_await progress_.end(task).wait();
    if (delivery) co_await send(std::move(*delivery));
}

// The chat is known only after the claim; the sending then waits its turn in the chat's lane.
Async<void> Deliveries::attempt_due(DeliveryId id) {
    try {
        auto delivery = co_await outside_.deliveries.claim_delivery(id, options_.claim_for);
        if (delivery) {
            const auto chat = delivery->chat;
            lanes_.post(chat, send_claimed(std::move(*delivery), outside_.clock.now()));
        }
    } catch (const Unavailable& error) {
        log::warning("a due answer waits for the next sweep", {{"error", error.what()}});
    }
    swept_.erase(id);
}

Async<void> Deliveries::send_claimed(ClaimedDelivery delivery, Time claimed_at) {
    // Too little of the claim may be left to finish: somebody else could send the same.
    if (outside_.clock.now() - claimed_at > options_.claim_for / 2)
        co_await postpone(std::move(delivery), Duration(0));
    else
        co_await send(std::move(delivery));
}

Async<void> Deliveries::send(ClaimedDelivery delivery) {
    const auto kept = claims_.keep(delivery);
    // Another process may be about to rewrite its task's status message, even after this answer.
    const bool may_edit = !delivery.task || delivery.task->reply_to == options_.reply_queue.value();
    if (delivery.task) co_await progress_.end(delivery.task->id).wait();
    Answer answer;
    std::optional<MessageId> topic;
    std::string failure;
    try {
        delivery.task = co_await composer_.task_of(delivery);
        topic = co_await topic_of(delivery);
        answer = co_await composer_.compose(delivery);
    } catch (const Unavailable& error) {
        failure = error.what();
    }
    if (failure.empty()) {
        co_await send_parts(std::move(delivery), std::move(answer), may_edit, topic);
        co_return;
    }
    log::warning("an answer waits", {{"delivery", delivery.id}, {"error", failure}});
    co_await postpone(std::move(delivery), pause());
}

// Only groups have topics; the message that asked tells which one it is.
Async<std::optional<MessageId>> Deliveries::topic_of(ClaimedDelivery delivery) {
    if (!is_in_group(delivery)) co_return std::nullopt;
    auto asked = delivery.reply_to;
    if (!asked && delivery.task && delivery.task->place) asked = delivery.task->place->message;
    if (!asked) asked = delivery.edit;
    if (!asked) co_return std::nullopt;
    co_return co_await outside_.deliveries.topic_of(delivery.chat, *asked);
}

Async<void> Deliveries::send_parts(ClaimedDelivery delivery, Answer answer, bool may_edit,
                                   std::optional<MessageId> topic) {
    PartSender sender(outside_, samples_, delivery, topic, bot_name_);
    const bool replaces = may_edit && delivery.edit && !answer.empty() &&
                          std::holds_alternative<TextPart>(answer.front());
    const auto done = static_cast<std::size_t>(std::max(0, delivery.parts_sent));
    for (auto index = done; index < answer.size(); ++index) {
        if (index >= burst) co_await stop_.wait_within(outside_.clock, pace);
        if (index > done && stop_.is_set()) {
            co_await postpone(std::move(delivery), Duration(0));
            co_return;
        }
        const auto edit = replaces && index == 0 ? delivery.edit : std::nullopt;
        std::optional<PartOutcome> outcome;
        try {
            outcome = co_await sender.send(std::move(answer[index]), edit);
        } catch (const Unavailable& error) {
            log::warning("a part waits", {{"delivery", delivery.id}, {"error", error.what()}});
        }
        if (!outcome) {
            co_await postpone(std::move(delivery), pause());
            co_return;
        }
        if (!co_await mark(delivery, std::move(*outcome), index + 1 == answer.size())) co_return;
    }
    if (done >= answer.size())
        co_await outside_.deliveries.give_up(delivery.id, delivery.claim,
                                             "nothing is left to send");
    if (delivery.edit && !replaces)
        co_await remove_message(outside_.telegram, outside_.clock, delivery.chat, *delivery.edit);
}

Async<bool> Deliveries::mark(ClaimedDelivery delivery, PartOutcome outcome, bool last) {
    if (outcome.sent.ok()) co_return co_await mark_sent(std::move(delivery), *outcome.sent, last);
    // A mark that fails leaves the claim to run out, which counts as an ambiguous end: on the safe
    // side.
    try {
        co_await mark_failed(delivery, outcome.sent.error(), outcome.repeatable);
    } catch (const Unavailable& error) {
        log::warning("a delivery is not marked",
                     {{"delivery", delivery.id}, {"error", error.what()}});
    }
    co_return false;
}

Async<bool> Deliveries::mark_sent(ClaimedDelivery delivery, telegram::SentMessage sent, bool last) {
    // Only the last mark may be tried again: a second one finds the delivery done. In between, a
    // mark that was committed unseen would count twice and skip a part.
    const int tries = last ? 3 : 1;
    for (int attempt = 1; attempt <= tries; ++attempt) {
        try {
            const bool ours = co_await outside_.deliveries.part_sent(
                delivery.id, delivery.claim, sent.id, sent.file_id, last, options_.claim_for);
            if (last && ours)
                log::info("delivered", {{"delivery", delivery.id},
                                        {"task", delivery.task ? delivery.task->id : TaskId()}});
            co_return ours || last;
        } catch (const Unavailable& error) {
            log::warning("a sent message is not marked",
                         {{"delivery", delivery.id}, {"error", error.what()}});
        }
        if (attempt < tries) co_await outside_.clock.sleep(pause());
    }
    co_return false;
}

Async<void> Deliveries::mark_failed(ClaimedDelivery delivery, telegram::Error error,
                                    bool repeatable) {
    auto& store = outside_.deliveries;
    const auto id = delivery.id;
    log::warning("an answer is not sent", {{"delivery", id}, {"error", error.description}});
    switch (error.failure) {
        case Failure::too_many_requests:
            co_await postpone(delivery, std::max(error.retry_after, Duration(1'000)) + slack);
            break;
        case Failure::unauthorized: co_await postpone(delivery, unauthorized_pause); break;
        case Failure::not_sent:
        case Failure::conflict: co_await postpone(delivery, pause()); break;
        case Failure::ambiguous:
            if (repeatable) {
                co_await postpone(delivery, pause());
            } else {
                outside_.metrics.delivery_ambiguous();
                co_await store.ambiguous(id, delivery.claim, outside_.clock.now() + pause());
            }
            break;
        case Failure::migrated:
            if (error.migrate_to && *error.migrate_to != delivery.chat) {
                co_await store.move_chat(delivery.chat, *error.migrate_to);
                deliver(id, *error.migrate_to);
            } else {
                co_await refuse(std::move(delivery), std::move(error));
            }
            break;
        default: co_await refuse(std::move(delivery), std::move(error)); break;
    }
}

Async<void> Deliveries::refuse(ClaimedDelivery delivery, telegram::Error error) {
    const bool by_user = !is_in_group(delivery) && (error.failure == Failure::forbidden ||
                                                    error.failure == Failure::chat_not_found);
    const auto refusal = co_await outside_.deliveries.refuse(delivery.id, delivery.claim,
                                                             error.description, by_user);
    if (refusal.end == RefusalEnd::not_ours) co_return;
    outside_.metrics.delivery_refused(name_of(reasons, reason_of(error.failure)),
                                      name_of(ends, refusal.end));
    if (refusal.refunded > Credits())
        outside_.metrics.booked(TransactionType::refund, refusal.refunded);
    log::warning("a chat refuses an answer for good",
                 {{"delivery", delivery.id},
                  {"task", delivery.task ? delivery.task->id : TaskId()},
                  {"paid", name_of(ends, refusal.end)},
                  {"error", error.description}});
    // Nothing goes on any more.
    if (delivery.task && delivery.edit)
        co_await remove_message(outside_.telegram, outside_.clock, delivery.chat, *delivery.edit);
}

Async<void> Deliveries::postpone(ClaimedDelivery delivery, Duration wait) {
    const auto not_before = outside_.clock.now() + wait;
    try {
        co_await outside_.deliveries.postpone(delivery.id, delivery.claim, not_before);
    } catch (const Unavailable& error) {
        log::warning("a delivery is not postponed",
                     {{"delivery", delivery.id}, {"error", error.what()}});
    }
}

/// One to three seconds, so that the chats do not all come back at once.
Duration Deliveries::pause() {
    return Duration(1'000 + static_cast<std::int64_t>(outside_.random.next() % 2'001));
}

}  // namespace mlbilling::bot
