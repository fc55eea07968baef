#pragma once

#include "base/strong.hpp"

namespace mlbilling {

/// Our own key of a user (table users).
using UserId = Strong<struct UserIdTag, std::int64_t>;
/// Telegram's id of a user; up to 52 bits (telegram.md 1.1).
using TelegramId = Strong<struct TelegramIdTag, std::int64_t>;
/// Telegram's id of a chat; negative for groups.
using ChatId = Strong<struct ChatIdTag, std::int64_t>;
/// Telegram's id of a message within its chat.
using MessageId = Strong<struct MessageIdTag, std::int64_t>;
/// Telegram's id of the bot; the number before the colon of its token.
using BotId = Strong<struct BotIdTag, std::int64_t>;
/// Telegram's id of an update; not monotonic over weeks, so only equality means anything.
using UpdateId = Strong<struct UpdateIdTag, std::int64_t>;
/// `{chat_id}_{message_id}` of the message that asked for the work, or what another producer calls
/// it; as the key of a task with a suffix `.2`, `.3` where another has that name (interface.md,
/// Queue messages).
using TaskId = Strong<struct TaskIdTag, std::string>;
/// Row of the price list (table prices).
using PriceId = Strong<struct PriceIdTag, std::int64_t>;
/// Row of table deliveries: something that a user is owed an answer with.
using DeliveryId = Strong<struct DeliveryIdTag, std::int64_t>;
/// Row of table outbox.
using OutboxId = Strong<struct OutboxIdTag, std::int64_t>;
/// Row of table proposals: a priced task that waits for the user's yes.
using ProposalId = Strong<struct ProposalIdTag, std::int64_t>;
/// Fencing token of a task's lease; only the holder of the newest may settle (design.md).
using Epoch = Strong<struct EpochTag, std::int64_t>;
/// Key of a blob in the result store, e.g. `123_45/1/0.ogg`.
using ResultKey = Strong<struct ResultKeyTag, std::string>;

}  // namespace mlbilling
