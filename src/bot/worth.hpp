#pragma once

#include <string>
#include <vector>

#include "domain/pricing.hpp"
#include "domain/user.hpp"

namespace mlbilling::bot {

/// What so many credits buy at these prices, as a sentence; empty where a price is missing, nothing
/// can be bought, or a type of work is free.
std::string worth_of(Language language, Credits credits, const std::vector<Price>& prices);

/// What 100 characters and a minute of speech cost; empty where a price is missing.
std::string price_line(Language language, const std::vector<Price>& prices);

/// The most units of work that the credits cover at this price (the inverse of cost_of, whole
/// characters or seconds); nothing where that is unlimited or zero.
std::optional<Units> units_for(const Price& price, Credits credits);

}  // namespace mlbilling::bot
