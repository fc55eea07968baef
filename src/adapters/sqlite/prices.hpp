#pragma once

#include <vector>

#include "adapters/sqlite/session.hpp"
#include "domain/pricing.hpp"

namespace mlbilling::sqlite {

/// The price of the type that is valid at the session's moment.
Price current_price(Session& session, TaskType type);
std::vector<Price> current_prices(Session& session);
/// Every price there ever was, oldest first.
std::vector<Price> all_prices(Session& session);
Price price_of(Session& session, PriceId id);

/// Closes the open price of the type and puts this one in its place, from `price.valid_from` but
/// not from the past, nor from before the open one. Returns it as it was written.
Price set_price(Session& session, Price price);

/// What the units cost at the price. A price that no account could ever hold is the highest there
/// is.
Credits quote(const Price& price, Units units);

}  // namespace mlbilling::sqlite
