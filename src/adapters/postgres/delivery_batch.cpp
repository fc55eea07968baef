#include "adapters/postgres/delivery_batch.hpp"

#include <string_view>
#include <utility>

#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"
#include "base/check.hpp"

// A batch outlives its flight: the batcher awaits it.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

std::size_t read_position(Rows& row) {
    const auto position = row.read<std::int64_t>();
    CHECK(position >= 1);
    return static_cast<std::size_t>(position) - 1;
}

/// The columns of the view claimed_rows.
ClaimedDelivery read_claimed(Rows& row) {
    ClaimedDelivery delivery;
    delivery.id = row.read<DeliveryId>();
    delivery.claim = row.read<Epoch>();
    delivery.chat = row.read<ChatId>();
    delivery.reply_to = row.read<std::optional<MessageId>>();
    delivery.edit = row.read<std::optional<MessageId>>();
    delivery.notice.kind = row.read_name(parse_notice_kind);
    delivery.notice.facts = facts_from_json(document_of(row.read<std::string_view>()));
    delivery.parts_sent = row.read<int>();
    delivery.attempt = row.read<int>();
    delivery.profile = read_profile(row);
    if (!row.at_null()) delivery.task = read_task(row);
    return delivery;
}

}  // namespace

std::vector<std::string> DeliveryBatch::claim_keys(const ClaimRequest& request) {
    if (request.task) return {'t' + request.task->value()};
    return {'d' + std::to_string(request.delivery->value())};
}

std::vector<std::string> DeliveryBatch::part_keys(const SentPart& part) {
    return {std::to_string(part.delivery.value())};
}

std::vector<std::string> DeliveryBatch::status_keys(const StatusMark& mark) {
    return {mark.task.value()};
}

Async<DeliveryBatch::Claims> DeliveryBatch::claim(const std::vector<const ClaimRequest*>& batch) {
    using Item = const ClaimRequest*;
    Parameters parameters;
    database_->add_moment(parameters);
    parameters.add_array(batch, [](Item r) { return r->delivery; });
    parameters.add_array(batch, [](Item r) { return r->task; });
    parameters.add_array(batch, [](Item r) { return r->claim_for; });
    auto row = co_await database_->execute("SELECT * FROM claim_deliveries($1, $2, $3, $4)",
                                           std::move(parameters));
    Claims claims(batch.size(), std::optional<ClaimedDelivery>());
    while (row.next()) {
        auto& claim = claims.at(read_position(row));
        if (row.read<bool>()) {
            claim.reset();
        } else {
            claim->emplace(read_claimed(row));
        }
    }
    co_return claims;
}

Async<DeliveryBatch::Marks> DeliveryBatch::part_sent(const std::vector<const SentPart*>& batch) {
    using Item = const SentPart*;
    Parameters parameters;
    database_->add_moment(parameters);
    parameters.add_array(batch, [](Item p) { return p->delivery; });
    parameters.add_array(batch, [](Item p) { return p->claim; });
    parameters.add_array(batch, [](Item p) { return p->message; });
    parameters.add_array(batch, [](Item p) { return std::string_view(p->file_id); });
    parameters.add_array(batch, [](Item p) { return p->last; });
    parameters.add_array(batch, [](Item p) { return p->claim_for; });
    auto row = co_await database_->execute(
        "SELECT p.position FROM mark_parts_sent($1, $2, $3, $4, $5, $6, $7) p",
        std::move(parameters));
    Marks marks(batch.size(), false);
    while (row.next()) marks.at(read_position(row)) = true;
    co_return marks;
}

Async<DeliveryBatch::Standings> DeliveryBatch::set_status_message(
    const std::vector<const StatusMark*>& batch) {
    Parameters parameters;
    parameters.add_array(batch, [](const auto* s) { return std::string_view(s->task.value()); });
    parameters.add_array(batch, [](const auto* s) { return s->message; });
    auto row = co_await database_->execute("SELECT * FROM place_status_messages($1, $2)",
                                           std::move(parameters));
    Standings standings(batch.size(), StatusMessage::unwanted);
    while (row.next()) {
        auto& standing = standings.at(read_position(row));
        standing = row.read<bool>() ? StatusMessage::answered : StatusMessage::shown;
    }
    co_return standings;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
