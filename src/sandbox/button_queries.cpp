#include "sandbox/button_queries.hpp"

#include <charconv>

namespace mlbilling::sandbox {
namespace {

/// The update lives that long (telegram.md 1.2); an answer after it cannot be of use.
constexpr auto life = std::chrono::seconds(150);
constexpr std::size_t most_open = 10'000;

}  // namespace

std::string ButtonQueries::open(Query query, Time now) {
    forget_old(now);
    const auto id = next_id_++;
    open_.emplace(id, Open{query, now + life});
    return std::to_string(id);
}

std::optional<ButtonQueries::Query> ButtonQueries::answer(const std::string& id, Time now) {
    forget_old(now);
    std::int64_t number = 0;
    const auto* const end = id.data() + id.size();
    if (std::from_chars(id.data(), end, number).ptr != end) return std::nullopt;
    const auto found = open_.find(number);
    if (found == open_.end()) return std::nullopt;
    const auto query = found->second.query;
    open_.erase(found);
    return query;
}

void ButtonQueries::forget_old(Time now) {
    while (!open_.empty() && (open_.begin()->second.expires <= now || open_.size() >= most_open)) {
        open_.erase(open_.begin());
    }
}

}  // namespace mlbilling::sandbox
