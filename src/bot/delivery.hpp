#pragma once

#include <optional>
#include <set>

#include "bot/background.hpp"
#include "bot/claim_keeper.hpp"
#include "bot/composer.hpp"
#include "bot/lanes.hpp"
#include "bot/options.hpp"
#include "bot/part_sender.hpp"
#include "bot/progress.hpp"
#include "bot/samples.hpp"

namespace mlbilling::bot {

/// Brings due answers to their chats: claims, puts into words, sends, and marks what was sent. One
/// chat's answers go one after the other, those of different chats side by side. What cannot be
/// sent now stays due in the store, for the sweep of any process; so does the rest of a long answer
/// after stop.
class Deliveries {
  public:
    Deliveries(const Dependencies& outside, const BotOptions& options, Background& background,
               Progress& progress, Event stop)
        : outside_(outside),
          options_(options),
          background_(background),
          progress_(progress),
          stop_(std::move(stop)),
          claims_(outside, options, background),
          composer_(outside),
          samples_(outside),
          lanes_(background, options.deliveries_at_once) {}

    /// The bot's own name, without the @; known before anything is delivered.
    void introduce(std::string bot_name) { bot_name_ = std::move(bot_name); }

    /// An answer that was made due in this chat. Returns at once.
    void deliver(DeliveryId id, ChatId chat);
    /// The result of a task of ours. Returns at once.
    void deliver_result(TaskId task);
    /// An answer that the sweep has found. Returns at once.
    void deliver_due(DeliveryId id);

  private:
    Async<void> attempt(DeliveryId id);
    Async<void> attempt_result(TaskId task);
    Async<void> attempt_unknown(TaskId task);
    Async<void> attempt_due(DeliveryId id);
    Async<void> send_claimed(ClaimedDelivery delivery, Time claimed_at);
    Async<void> send(ClaimedDelivery delivery);
    /// `may_edit`: the message that the answer replaces may become the answer; else it is removed.
    Async<void> send_parts(ClaimedDelivery delivery, Answer answer, bool may_edit,
                           std::optional<MessageId> topic);
    Async<std::optional<MessageId>> topic_of(ClaimedDelivery delivery);
    /// Whether the next part may be sent.
    Async<bool> mark(ClaimedDelivery delivery, PartOutcome outcome, bool last);
    Async<bool> mark_sent(ClaimedDelivery delivery, telegram::SentMessage sent, bool last);
    Async<void> mark_failed(ClaimedDelivery delivery, telegram::Error error, bool repeatable);
    Async<void> refuse(ClaimedDelivery delivery, telegram::Error error);
    Async<void> postpone(ClaimedDelivery delivery, Duration wait);
    Duration pause();

    const Dependencies& outside_;
    const BotOptions& options_;
    Background& background_;
    Progress& progress_;
    Event stop_;
    ClaimKeeper claims_;
    Composer composer_;
    Samples samples_;
    Lanes lanes_;
    std::set<DeliveryId> swept_;
    std::string bot_name_;
};

}  // namespace mlbilling::bot
