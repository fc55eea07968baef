#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/database.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::postgres {

/// One call of DeliveryStore::claim_delivery, or of claim_result, which names the task.
struct ClaimRequest {
    std::optional<DeliveryId> delivery;
    std::optional<TaskId> task;
    Duration claim_for{};
};

/// One call of DeliveryStore::part_sent.
struct SentPart {
    DeliveryId delivery;
    Epoch claim;
    MessageId message;
    std::string file_id;
    bool last = false;
    Duration claim_for{};
};

/// One call of DeliveryStore::set_status_message.
struct StatusMark {
    TaskId task;
    MessageId message;
};

/// DeliveryStore's hot methods for many deliveries in one transaction.
class DeliveryBatch {
  public:
    using Claims = std::vector<std::optional<std::optional<ClaimedDelivery>>>;
    using Marks = std::vector<std::optional<bool>>;
    using Standings = std::vector<std::optional<StatusMessage>>;

    explicit DeliveryBatch(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    static std::vector<std::string> claim_keys(const ClaimRequest& request);
    Async<Claims> claim(const std::vector<const ClaimRequest*>& batch);

    static std::vector<std::string> part_keys(const SentPart& part);
    Async<Marks> part_sent(const std::vector<const SentPart*>& batch);

    static std::vector<std::string> status_keys(const StatusMark& mark);
    Async<Standings> set_status_message(const std::vector<const StatusMark*>& batch);

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace mlbilling::postgres
