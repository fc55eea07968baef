#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/database.hpp"
#include "ports/store/outbox.hpp"

namespace mlbilling::postgres {

/// One call of UpkeepStore::published or not_published.
struct OutboxMark {
    std::vector<OutboxId> ids;
};

/// UpkeepStore's outbox, for many rows in one transaction.
class OutboxBatch {
  public:
    using Marks = std::vector<std::optional<bool>>;

    explicit OutboxBatch(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Async<std::vector<OutboxRecord>> take(int limit, Duration claim_for);

    static std::vector<std::string> keys(const OutboxMark& mark);
    Async<Marks> published(const std::vector<const OutboxMark*>& batch);
    Async<Marks> not_published(const std::vector<const OutboxMark*>& batch);

  private:
    Parameters parameters_of(const std::vector<const OutboxMark*>& batch) const;

    std::shared_ptr<Database> database_;
};

}  // namespace mlbilling::postgres
