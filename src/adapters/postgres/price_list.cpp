#include "adapters/postgres/price_list.hpp"

#include <algorithm>

#include "adapters/postgres/audit.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/rows.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// The price of the type that has no end yet, locked; it may begin in the future.
Async<Price> lock_open_price(Session& session, TaskType type) {
    auto row = co_await session.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE type = $1 AND valid_until IS NULL FOR UPDATE)",
                                      to_string(type));
    // Another has just replaced it: its successor is found by the next attempt.
    if (!row.next()) throw StatementFailed("40001", "the price was replaced at the same time");
    co_return read_price(row);
}

}  // namespace

Async<Price> current_price(Session& session, TaskType type) {
    // The prices of a type follow each other without a gap, so the last that has begun is the valid
    // one.
    auto row = co_await session.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE type = $1 AND valid_from <= $2
         ORDER BY valid_from DESC, id DESC LIMIT 1)",
                                      to_string(type), session.now);
    CHECK(row.next());
    co_return read_price(row);
}

Async<std::vector<Price>> current_prices(Session& session) {
    std::vector<Price> prices;
    for (const auto type : {TaskType::text, TaskType::voice})
        prices.push_back(co_await current_price(session, type));
    co_return prices;
}

Async<std::vector<Price>> all_prices(Session& session) {
    auto row = co_await session.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices ORDER BY id)");
    std::vector<Price> prices;
    while (row.next()) prices.push_back(read_price(row));
    co_return prices;
}

Async<Price> price_of(Session& session, PriceId id) {
    auto row = co_await session.query(R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices WHERE id = $1)",
                                      id);
    CHECK(row.next());
    co_return read_price(row);
}

Async<Price> set_price(Session& session, Price price) {
    CHECK(checked(price).ok());
    const auto replaced = co_await lock_open_price(session, price.type);
    price.valid_from = std::max({price.valid_from, session.now, replaced.valid_from});
    price.valid_until.reset();
    session.send("UPDATE prices SET valid_until = $1 WHERE id = $2", price.valid_from, replaced.id);
    auto row = co_await session.query(R"(
        INSERT INTO prices (type, micro_credits_per_unit, min_credits, cached_percent, valid_from)
        VALUES ($1, $2, $3, $4, $5) RETURNING id)",
                                      to_string(price.type), price.micro_credits_per_unit,
                                      price.min_credits, price.cached_percent, price.valid_from);
    CHECK(row.next());
    price.id = row.read<PriceId>();
    note(session, "operator", "set_price", to_string(price.type),
         "price " + std::to_string(price.id.value()));
    co_return price;
}

Credits quote(const Price& price, Units units) {
    return cost_of(price, units).value_or(Credits(Credits::limit));
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
