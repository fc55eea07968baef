#pragma once

#include <vector>

#include "adapters/postgres/session.hpp"
#include "domain/pricing.hpp"

namespace mlbilling::postgres {

/// The price of the type that is valid at the session's moment.
Async<Price> current_price(Session& session, TaskType type);
Async<std::vector<Price>> current_prices(Session& session);
/// Every price there ever was, oldest first.
Async<std::vector<Price>> all_prices(Session& session);
Async<Price> price_of(Session& session, PriceId id);

/// Closes the open price of the type and puts this one in its place, from `price.valid_from` but
/// not from the past, nor from before the open one. Returns it as it was written.
Async<Price> set_price(Session& session, Price price);

/// What the units cost at the price. A price that no account could ever hold is the highest there
/// is.
Credits quote(const Price& price, Units units);

}  // namespace mlbilling::postgres
