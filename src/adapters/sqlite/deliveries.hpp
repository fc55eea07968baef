#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::sqlite {

/// DeliveryStore, each within the caller's transaction.
std::optional<ClaimedDelivery> claim_delivery(Session& session, DeliveryId id, Duration claim_for);
std::optional<ClaimedDelivery> claim_result(Session& session, const TaskId& task,
                                            Duration claim_for);
struct SentPart {
    DeliveryId delivery;
    Epoch claim;
    MessageId message;
    std::string file_id;
    bool last = false;
};
bool extend_claim(Session& session, DeliveryId id, Epoch claim, Duration claim_for);
bool part_sent(Session& session, const SentPart& part, Duration claim_for);
bool postpone(Session& session, DeliveryId id, Epoch claim, Time not_before);
bool ambiguous(Session& session, DeliveryId id, Epoch claim, Time not_before);
bool give_up(Session& session, DeliveryId id, Epoch claim, const std::string& why);
void move_chat(Session& session, ChatId from, ChatId to);
std::vector<DeliveryId> due_deliveries(Session& session, int limit);
StatusMessage set_status_message(Session& session, const TaskId& task, MessageId message);

/// Gives up at most `limit` deliveries whose second attempt's claim ran out, and makes the notice
/// due that says so; says how many.
int mark_unknown(Session& session, int limit);

}  // namespace mlbilling::sqlite
