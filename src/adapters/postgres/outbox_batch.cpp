#include "adapters/postgres/outbox_batch.hpp"

#include <string_view>
#include <utility>

#include "adapters/postgres/rows.hpp"
#include "base/check.hpp"

// A batch outlives its flight: the batcher awaits it.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<std::vector<OutboxRecord>> OutboxBatch::take(int limit, Duration claim_for) {
    CHECK(limit >= 0);
    Parameters parameters;
    database_->add_moment(parameters);
    parameters.add(limit);
    parameters.add(claim_for);
    auto row = co_await database_->execute(
        "SELECT t.outbox_id, t.kind, (t.task).* FROM take_outbox($1, $2, $3) t",
        std::move(parameters));
    std::vector<OutboxRecord> taken;
    while (row.next()) {
        OutboxRecord record;
        record.id = row.read<OutboxId>();
        record.kind = row.read<std::string_view>() == "task" ? OutboxRecord::Kind::task
                                                             : OutboxRecord::Kind::reply;
        record.task = read_task(row);
        taken.push_back(std::move(record));
    }
    co_return taken;
}

// A mark may be repeated: what lies in two batches at once harms nothing.
std::vector<std::string> OutboxBatch::keys(const OutboxMark& /*mark*/) { return {}; }

Parameters OutboxBatch::parameters_of(const std::vector<const OutboxMark*>& batch) const {
    std::vector<OutboxId> ids;
    for (const auto* mark : batch) ids.insert(ids.end(), mark->ids.begin(), mark->ids.end());
    Parameters parameters;
    database_->add_moment(parameters);
    parameters.add_array(ids, [](const OutboxId& id) { return id; });
    return parameters;
}

Async<OutboxBatch::Marks> OutboxBatch::published(const std::vector<const OutboxMark*>& batch) {
    co_await database_->execute("SELECT 1 FROM mark_published($1, $2)", parameters_of(batch));
    co_return Marks(batch.size(), true);
}

Async<OutboxBatch::Marks> OutboxBatch::not_published(const std::vector<const OutboxMark*>& batch) {
    co_await database_->execute("SELECT 1 FROM mark_not_published($1, $2)", parameters_of(batch));
    co_return Marks(batch.size(), true);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
