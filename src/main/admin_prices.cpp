#include <boost/json.hpp>
#include <charconv>

#include "main/admin.hpp"
#include "main/moment.hpp"
#include "main/report.hpp"

namespace mlbilling {
namespace {

constexpr std::int64_t micro = 1'000'000;

/// Reads a decimal number of credits with at most six digits after the point.
std::optional<std::int64_t> micro_credits(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
    if (whole.empty() || fraction.size() > 6 ||
        (point != std::string_view::npos && fraction.empty()))
        return std::nullopt;
    fraction.resize(6, '0');
    std::int64_t high = 0;
    std::int64_t low = 0;
    const auto parse = [](std::string_view digits, std::int64_t& value) {
        if (digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
        return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec ==
               std::errc();
    };
    if (!parse(whole, high) || !parse(fraction, low) || high > Credits::limit) return std::nullopt;
    return high * micro + low;
}

Report price_report() {
    return Report({"id", "type", "unit", "micro_credits_per_unit", "min_credits", "cached_percent",
                   "valid_from", "valid_until"});
}

void add(Report& report, const Price& price) {
    report.add(price.id.value(), to_string(price.type),
               price.type == TaskType::text ? "character" : "second", price.micro_credits_per_unit,
               price.min_credits.value(), price.cached_percent, written(price.valid_from),
               written(price.valid_until));
}

}  // namespace

Async<int> Admin::list_prices(AdminRequest request) {
    auto report = price_report();
    const auto prices = co_await store_.prices();
    for (const auto& price : prices) add(report, price);
    report.print(out_, request.json);
    co_return 0;
}

Async<int> Admin::set_price(AdminRequest request) {
    const auto rate = micro_credits(request.price_per_unit);
    if (!rate)
        co_return fail(
            "the price is a number of credits such as 0.1, with up to 6 digits after the point");
    Price price;
    const auto known = co_await store_.prices();
    for (const auto& candidate : known)
        if (candidate.type == request.type && !candidate.valid_until) price = candidate;
    price.type = request.type;
    price.micro_credits_per_unit = *rate;
    if (request.min_credits) price.min_credits = Credits(*request.min_credits);
    if (request.cached_percent) price.cached_percent = *request.cached_percent;
    price.valid_from = clock_.now();
    price.valid_until.reset();
    auto usable = checked(price);
    if (!usable) co_return fail(usable.error().message);
    const auto written_price = co_await store_.set_price(std::move(*usable));
    auto report = price_report();
    add(report, written_price);
    report.print_single(out_, request.json);
    co_return 0;
}

}  // namespace mlbilling
