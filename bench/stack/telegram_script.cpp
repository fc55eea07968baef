#include "stack/telegram_script.hpp"

#include <algorithm>
#include <cmath>

namespace mlbilling::bench {
namespace {

constexpr std::int64_t most_updates = 100;
/// Any day will do: nothing depends on it.
constexpr const char* date = "1790000000";

double milliseconds(TelegramScript::Clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

double at_share(const std::vector<double>& sorted, double share) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::lround(share * last))];
}

}  // namespace

void TelegramScript::write_due_messages() {
    const auto now = Clock::now();
    if (plan_.rate <= 0) {
        const auto until = std::min(plan_.tasks, answered_ + plan_.outstanding);
        while (static_cast<std::int64_t>(written_.size()) < until) written_.push_back({now, {}});
        return;
    }
    while (static_cast<std::int64_t>(written_.size()) < plan_.tasks) {
        const auto due = next_write();
        if (due && *due > now) return;
        written_.push_back({due.value_or(now), {}});
    }
}

std::optional<TelegramScript::Clock::time_point> TelegramScript::next_write() const {
    if (plan_.rate <= 0 || written_.empty()) return std::nullopt;
    const std::chrono::duration<double> after(static_cast<double>(written_.size()) / plan_.rate);
    return written_.front().at + std::chrono::duration_cast<Clock::duration>(after);
}

std::string TelegramScript::update_of(std::int64_t number) const {
    const auto user = std::to_string(1'000 + number % plan_.users);
    const auto id = std::to_string(plan_.first_id + number);
    return R"({"update_id":)" + id + R"(,"message":{"message_id":)" + id + R"(,"from":{"id":)" +
           user + R"(,"is_bot":false,"first_name":"User","language_code":"en"},"chat":{"id":)" +
           user + R"(,"first_name":"User","type":"private"},"date":)" + date +
           R"(,"text":"A sentence of some length, the number of which is )" + id + R"(."}})";
}

std::string TelegramScript::updates(std::int64_t offset) {
    // An offset of an earlier script confirms nothing.
    const auto confirmed = offset - plan_.first_id;
    if (confirmed <= static_cast<std::int64_t>(written_.size()))
        confirmed_ = std::max(confirmed_, confirmed);
    write_due_messages();
    const auto end =
        std::min(static_cast<std::int64_t>(written_.size()), confirmed_ + most_updates);
    std::string result = "[";
    for (auto number = confirmed_; number < end; ++number)
        result += (number == confirmed_ ? "" : ",") + update_of(number);
    return result + "]";
}

void TelegramScript::answered(std::int64_t message) {
    const auto number = message - plan_.first_id;
    if (number < 0 || number >= static_cast<std::int64_t>(written_.size())) return;
    auto& written = written_[static_cast<std::size_t>(number)];
    if (written.answered) {
        ++repeated_;
        return;
    }
    last_answer_ = Clock::now();
    written.answered = last_answer_;
    ++answered_;
}

std::string TelegramScript::report() const {
    std::vector<double> latencies;
    for (const auto& written : written_)
        if (written.answered) latencies.push_back(milliseconds(*written.answered - written.at));
    std::ranges::sort(latencies);
    const auto share = [&](double part) {
        return latencies.empty() ? std::string("null") : std::to_string(at_share(latencies, part));
    };
    const auto seconds =
        written_.empty() ? 0 : milliseconds(last_answer_ - written_.front().at) / 1'000;
    return R"({"finished":)" + std::string(finished() ? "true" : "false") + R"(,"answered":)" +
           std::to_string(answered_) + R"(,"repeated":)" + std::to_string(repeated_) +
           R"(,"seconds":)" + std::to_string(seconds) + R"(,"p50_ms":)" + share(0.5) +
           R"(,"p99_ms":)" + share(0.99) + R"(,"max_ms":)" + share(1) + "}\n";
}

}  // namespace mlbilling::bench
