#include "adapters/sqlite/prices.hpp"

#include <algorithm>
#include <utility>

#include "adapters/sqlite/audit.hpp"
#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

/// The price of the type that has no end yet; it may begin in the future.
Price open_price(Session& session, TaskType type) {
    auto row = session.database.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE type = ? AND valid_until IS NULL)",
                                      to_string(type));
    CHECK(row.next());
    return read_price(row);
}

}  // namespace

Price current_price(Session& session, TaskType type) {
    // The prices of a type follow each other without a gap, so the last that has begun is the valid
    // one.
    auto row = session.database.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE type = ? AND valid_from <= ?
         ORDER BY valid_from DESC, id DESC LIMIT 1)",
                                      to_string(type), session.now);
    CHECK(row.next());
    return read_price(row);
}

std::vector<Price> current_prices(Session& session) {
    return {current_price(session, TaskType::text), current_price(session, TaskType::voice)};
}

std::vector<Price> all_prices(Session& session) {
    auto row = session.database.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices ORDER BY id)");
    std::vector<Price> prices;
    while (row.next()) prices.push_back(read_price(row));
    return prices;
}

Price price_of(Session& session, PriceId id) {
    auto row = session.database.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE id = ?)",
                                      id);
    CHECK(row.next());
    return read_price(row);
}

Price set_price(Session& session, Price price) {
    CHECK(checked(price).ok());
    const auto replaced = open_price(session, price.type);
    price.valid_from = std::max({price.valid_from, session.now, replaced.valid_from});
    price.valid_until.reset();
    session.database.run("UPDATE prices SET valid_until = ? WHERE id = ? AND valid_until IS NULL",
                         price.valid_from, replaced.id);
    session.database.run(
        R"(
        INSERT INTO prices (type, micro_credits_per_unit, min_credits, cached_percent, valid_from)
        VALUES (?, ?, ?, ?, ?))",
        to_string(price.type), price.micro_credits_per_unit, price.min_credits,
        price.cached_percent, price.valid_from);
    price.id = PriceId(session.database.last_insert_id());
    note(session, "operator", "set_price", to_string(price.type),
         "price " + std::to_string(price.id.value()));
    return price;
}

Credits quote(const Price& price, Units units) {
    return cost_of(price, units).value_or(Credits(Credits::limit));
}

}  // namespace mlbilling::sqlite
