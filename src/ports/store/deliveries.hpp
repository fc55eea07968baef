#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/async.hpp"
#include "ports/store/notice.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

/// A delivery that the caller alone may send until its claim runs out.
struct ClaimedDelivery {
    DeliveryId id;
    /// Fence: a later claim makes every mark of this one change nothing.
    Epoch claim;
    ChatId chat;
    std::optional<MessageId> reply_to;
    /// Message of the bot's that this answer replaces: a menu, or the task's status message.
    std::optional<MessageId> edit;
    Profile profile;
    Notice notice;
    /// The task whose end this tells: a task_result, the question that ended it, or the word that
    /// it is cancelled.
    std::optional<TaskRecord> task;
    /// How many messages of it were sent before.
    int parts_sent = 0;
    /// 1, or 2 after one ambiguous end.
    int attempt = 1;
};

/// Who looks after a task's status message.
enum class StatusMessage {
    shown,     ///< the task's: its delivery will edit or remove it
    answered,  ///< an answer of the bot takes or has taken its place: not to be touched
    unwanted,  ///< nobody: the task's answer came without it
};

/// A message of the bot's with buttons. Presses change nothing else.
enum class ButtonMessage {
    menu,
    question  ///< about a price; becomes the status message of the task after a yes
};
struct OwnedMessage {
    ButtonMessage kind = ButtonMessage::menu;
    /// Whom it was made for: nobody else may press.
    TelegramId owner;
};

/// What became of what was paid for an answer that its chat refuses for good.
enum class RefusalEnd {
    not_ours,  ///< the claim is not the newest: nothing changed
    nothing_paid,
    refunded,  ///< paid back; the user is told in private
    kept,      ///< offered again as soon as a message reaches the user
    offered    ///< a part had arrived: all of it is offered in private
};
struct RefusalOutcome {
    RefusalEnd end = RefusalEnd::not_ours;
    /// What was paid back now.
    Credits refunded;
};

/// What the bot owes its users. Due results and notices wait here until they are marked; at most
/// two attempts end ambiguously (design.md, One task's life). Each method is one transaction and
/// may commit asynchronously: the sweep stands behind it. Throws Unavailable.
class DeliveryStore {
  public:
    virtual ~DeliveryStore() = default;

    /// Nothing when it is sent, claimed by another, not due yet, or behind an older delivery of its
    /// chat that is still being sent.
    virtual Async<std::optional<ClaimedDelivery>> claim_delivery(DeliveryId id,
                                                                 Duration claim_for) = 0;
    virtual Async<std::optional<ClaimedDelivery>> claim_result(TaskId task, Duration claim_for) = 0;
    /// It is still being sent: the claim holds for `claim_for` from now. False when the claim is
    /// not the newest.
    virtual Async<bool> extend_claim(DeliveryId id, Epoch claim, Duration claim_for) = 0;
    /// One message went out. `last`: the delivery is done; else the claim is renewed and the
    /// attempts of the next part count from one. False when the claim is not the newest.
    virtual Async<bool> part_sent(DeliveryId id, Epoch claim, MessageId message,
                                  std::string file_id, bool last, Duration claim_for) = 0;
    /// Nothing was sent for certain: the attempt does not count, due again at `not_before`.
    virtual Async<bool> postpone(DeliveryId id, Epoch claim, Time not_before) = 0;
    /// May have been sent: due again at `not_before` if this was the first attempt, else given up
    /// as unknown. The same transaction then makes the notice answer_uncertain due in reply to the
    /// same message, unless it is that notice itself which is given up.
    virtual Async<bool> ambiguous(DeliveryId id, Epoch claim, Time not_before) = 0;
    /// Nothing of it is left to be delivered.
    virtual Async<bool> give_up(DeliveryId id, Epoch claim, std::string why) = 0;
    /// The chat will never take it: given up, and in the same transaction what was paid for it is
    /// kept for the user (`by_user`: the user has blocked the bot) or, if no part of it arrived,
    /// refunded. A kept result is offered by part_sent() as soon as anything reaches the user's
    /// private chat, and refunded by the sweep when its time to be kept is over.
    virtual Async<RefusalOutcome> refuse(DeliveryId id, Epoch claim, std::string why,
                                         bool by_user) = 0;
    /// The group has a new id: its deliveries, this one too, go there and are due at once.
    virtual Async<void> move_chat(ChatId from, ChatId to) = 0;
    /// Deliveries that are due now or whose claim ran out, oldest first.
    virtual Async<std::vector<DeliveryId>> due_deliveries(int limit) = 0;

    /// Remembers the message as the task's, if the task runs or its result has yet to be claimed.
    /// The user may have pressed its button before it was known here, so that it is an answer.
    virtual Async<StatusMessage> set_status_message(TaskId task, MessageId message) = 0;

    /// In which topic of a forum a message stands, so that its answers go there too. Forgotten
    /// after some weeks.
    virtual Async<void> note_topic(ChatId chat, MessageId message, MessageId topic) = 0;
    virtual Async<std::optional<MessageId>> topic_of(ChatId chat, MessageId message) = 0;

    /// Whose message with buttons it is from now on; absent: it is none (any more). Forgotten after
    /// some weeks.
    virtual Async<void> set_buttons(ChatId chat, MessageId message,
                                    std::optional<OwnedMessage> owned) = 0;
    virtual Async<std::optional<OwnedMessage>> buttons_of(ChatId chat, MessageId message) = 0;
};

}  // namespace mlbilling
