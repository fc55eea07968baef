#include "bot/worth.hpp"

#include <algorithm>
#include <optional>

#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

const Price* price_for(TaskType type, const std::vector<Price>& prices) {
    const auto found = std::ranges::find(prices, type, &Price::type);
    return found == prices.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Units> units_for(const Price& price, Credits credits) {
    if (price.micro_credits_per_unit <= 0 || credits < price.min_credits) return std::nullopt;
    // Credits are below 2^31, so that the product of a million stays within 64 bits.
    const auto units = credits.value() * 1'000'000 / price.micro_credits_per_unit;
    if (units <= 0) return std::nullopt;
    return Units(price.type == TaskType::voice ? units * 1000 : units);
}

std::string worth_of(Language language, Credits credits, const std::vector<Price>& prices) {
    const auto* text = price_for(TaskType::text, prices);
    const auto* voice = price_for(TaskType::voice, prices);
    if (text == nullptr || voice == nullptr) return "";
    const auto characters = units_for(*text, credits);
    const auto speech = units_for(*voice, credits);
    if (!characters || !speech) return "";
    return render(language, TextId::worth,
                  {{"characters", counted(language, Noun::character, characters->value())},
                   {"speech", rough_time(language, Duration(speech->value()))}});
}

std::string price_line(Language language, const std::vector<Price>& prices) {
    const auto* text = price_for(TaskType::text, prices);
    const auto* voice = price_for(TaskType::voice, prices);
    if (text == nullptr || voice == nullptr) return "";
    const auto text_price = cost_of(*text, Units(100));
    const auto voice_price = cost_of(*voice, Units(60'000));
    if (!text_price || !voice_price) return "";
    return render(language, TextId::help_prices,
                  {{"text_price", counted(language, *text_price)},
                   {"voice_price", counted(language, *voice_price)}});
}

}  // namespace mlbilling::bot
