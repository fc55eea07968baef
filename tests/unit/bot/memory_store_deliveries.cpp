#include <utility>

#include "memory_store.hpp"

namespace mlbilling::test {

DeliveryRow& MemoryStore::row(DeliveryId id) {
    return deliveries.at(static_cast<std::size_t>(id.value()) - 1);
}

DeliveryRow* MemoryStore::claimed_row(DeliveryId id, Epoch claim) {
    auto& found = row(id);
    return found.state == "sending" && found.claim == claim.value() ? &found : nullptr;
}

std::optional<ClaimedDelivery> MemoryStore::claim(DeliveryRow& due, Duration claim_for) {
    const auto now = clock_.now();
    const bool expired = due.state == "sending" && due.claimed_until <= now && due.attempt < 2;
    if (!expired && (due.state != "pending" || due.not_before > now)) return std::nullopt;
    for (const auto& older : deliveries)
        if (older.id < due.id && older.chat == due.chat && older.state == "sending" &&
            older.claimed_until > now)
            return std::nullopt;
    due.state = "sending";
    ++due.attempt;
    ++due.claim;
    due.claimed_until = now + claim_for;
    ClaimedDelivery claimed;
    claimed.id = due.id;
    claimed.claim = Epoch(due.claim);
    claimed.chat = due.chat;
    claimed.reply_to = due.reply_to;
    claimed.edit = due.edit;
    claimed.profile = users.at(due.user);
    claimed.notice = due.notice;
    claimed.parts_sent = due.parts_sent;
    claimed.attempt = due.attempt;
    if (due.task) {
        claimed.task = tasks.at(*due.task);
        if (!claimed.edit) claimed.edit = claimed.task->status_message;
    }
    return claimed;
}

Async<std::optional<ClaimedDelivery>> MemoryStore::claim_delivery(DeliveryId id,
                                                                  Duration claim_for) {
    throw_if(failing_before_, "claim");
    co_return claim(row(id), claim_for);
}

Async<std::optional<ClaimedDelivery>> MemoryStore::claim_result(TaskId task, Duration claim_for) {
    throw_if(failing_before_, "claim");
    for (auto& due : deliveries)
        if (due.task == task) co_return claim(due, claim_for);
    co_return std::nullopt;
}

Async<bool> MemoryStore::extend_claim(DeliveryId id, Epoch claim, Duration claim_for) {
    throw_if(failing_before_, "extend_claim");
    auto* due = claimed_row(id, claim);
    if (due == nullptr) co_return false;
    due->claimed_until = clock_.now() + claim_for;
    co_return true;
}

Async<bool> MemoryStore::part_sent(DeliveryId id, Epoch claim, MessageId, std::string file_id,
                                   bool last, Duration claim_for) {
    throw_if(failing_before_, "part_sent");
    auto* sent = claimed_row(id, claim);
    if (sent == nullptr) co_return false;
    ++sent->parts_sent;
    sent->file_ids.push_back(std::move(file_id));
    sent->attempt = 1;
    sent->claimed_until = clock_.now() + claim_for;
    if (last) sent->state = "sent";
    offer_kept(sent->user, sent->chat);
    throw_if(failing_after_, "part_sent");
    co_return true;
}

Async<bool> MemoryStore::postpone(DeliveryId id, Epoch claim, Time not_before) {
    auto* due = claimed_row(id, claim);
    if (due == nullptr) co_return false;
    due->state = "pending";
    --due->attempt;
    due->not_before = not_before;
    co_return true;
}

Async<BookingOutcome> MemoryStore::refund(TaskId task, Credits amount, std::string, std::string,
                                          std::string) {
    if (!refunds.try_emplace(task, amount).second) co_return BookingFailure::already_booked;
    co_return TransactionRecord{};
}

Async<bool> MemoryStore::ambiguous(DeliveryId id, Epoch claim, Time not_before) {
    auto* due = claimed_row(id, claim);
    if (due == nullptr) co_return false;
    due->state = due->attempt < 2 ? "pending" : "unknown";
    due->not_before = not_before;
    if (due->state == "unknown" && due->notice.kind != Notice::Kind::answer_uncertain) {
        const auto given_up = *due;
        Notice notice{Notice::Kind::answer_uncertain, {}};
        if (given_up.task) notice.facts = {{"task", given_up.task->value()}};
        make_due(given_up.user, given_up.chat, std::move(notice)).reply_to = given_up.reply_to;
    }
    co_return true;
}

Async<bool> MemoryStore::give_up(DeliveryId id, Epoch claim, std::string why) {
    auto* due = claimed_row(id, claim);
    if (due == nullptr) co_return false;
    due->state = "dead";
    due->detail = std::move(why);
    co_return true;
}

Async<RefusalOutcome> MemoryStore::refuse(DeliveryId id, Epoch claim, std::string why,
                                          bool by_user) {
    auto* due = claimed_row(id, claim);
    if (due == nullptr) co_return RefusalOutcome{};
    due->state = "dead";
    due->detail = std::move(why);
    const auto refused = *due;
    const auto cost = refused.task ? tasks.at(*refused.task).cost.value_or(Credits()) : Credits();
    if (refused.notice.kind != Notice::Kind::task_result || cost == Credits())
        co_return RefusalOutcome{RefusalEnd::nothing_paid, {}};
    const ChatId in_private(refused.user.value());
    if (by_user) {
        kept_results.emplace_back(refused.user, *refused.task);
        co_return RefusalOutcome{RefusalEnd::kept, {}};
    }
    if (refused.parts_sent > 0) {
        make_due(refused.user, in_private,
                 {Notice::Kind::result_kept, {{"task", refused.task->value()}}});
        co_return RefusalOutcome{RefusalEnd::offered, {}};
    }
    refunds.try_emplace(*refused.task, cost);
    make_due(refused.user, in_private,
             {Notice::Kind::result_refused, {{"cost", std::to_string(cost.value())}}});
    co_return RefusalOutcome{RefusalEnd::refunded, cost};
}

void MemoryStore::offer_kept(TelegramId user, ChatId chat) {
    if (chat.value() != user.value()) return;
    const auto all = std::exchange(kept_results, {});
    for (const auto& [owner, task] : all)
        if (owner == user)
            make_due(user, chat, {Notice::Kind::result_kept, {{"task", task.value()}}});
        else
            kept_results.emplace_back(owner, task);
}

Async<void> MemoryStore::note_topic(ChatId chat, MessageId message, MessageId topic) {
    throw_if(failing_before_, "note_topic");
    topics[{chat, message}] = topic;
    co_return;
}
Async<std::optional<MessageId>> MemoryStore::topic_of(ChatId chat, MessageId message) {
    throw_if(failing_before_, "topic_of");
    const auto found = topics.find({chat, message});
    co_return found == topics.end() ? std::nullopt : std::optional(found->second);
}
Async<void> MemoryStore::set_buttons(ChatId chat, MessageId message,
                                     std::optional<OwnedMessage> owned) {
    throw_if(failing_before_, "set_buttons");
    if (owned)
        buttons[{chat, message}] = *owned;
    else
        buttons.erase({chat, message});
    co_return;
}
Async<std::optional<OwnedMessage>> MemoryStore::buttons_of(ChatId chat, MessageId message) {
    throw_if(failing_before_, "buttons_of");
    const auto found = buttons.find({chat, message});
    co_return found == buttons.end() ? std::nullopt : std::optional(found->second);
}

Async<void> MemoryStore::move_chat(ChatId from, ChatId to) {
    for (auto& due : deliveries) {
        if (due.chat != from || (due.state != "pending" && due.state != "sending")) continue;
        due.chat = to;
        due.state = "pending";
        due.attempt = 0;
        due.not_before = Time{};
    }
    co_return;
}

Async<std::vector<DeliveryId>> MemoryStore::due_deliveries(int limit) {
    throw_if(failing_before_, "due_deliveries");
    const auto now = clock_.now();
    std::vector<DeliveryId> ids;
    for (const auto& due : deliveries)
        if ((due.state == "pending" && due.not_before <= now) ||
            (due.state == "sending" && due.claimed_until <= now))
            if (ids.size() < static_cast<std::size_t>(limit)) ids.push_back(due.id);
    co_return ids;
}

Async<StatusMessage> MemoryStore::set_status_message(TaskId task, MessageId message) {
    throw_if(failing_before_, "set_status_message");
    auto& record = tasks.at(task);
    for (const auto& due : deliveries)
        if (due.task == task && due.claim > 0)
            co_return due.edit == message ? StatusMessage::answered : StatusMessage::unwanted;
    record.status_message = message;
    throw_if(failing_after_, "set_status_message");
    co_return StatusMessage::shown;
}

}  // namespace mlbilling::test
