#include "console/story.hpp"

#include <boost/json.hpp>

namespace mlbilling {
namespace {

namespace json = boost::json;

constexpr int newest_tasks = 10;
constexpr int newest_lines = 20;
constexpr Duration books_stay_fresh{2'000};

json::value milliseconds(const std::optional<Time>& moment) {
    if (!moment) return nullptr;
    return moment->time_since_epoch().count();
}

json::value credits(const std::optional<Credits>& amount) {
    if (!amount) return nullptr;
    return amount->value();
}

json::object describe(const TaskStory& story) {
    const auto& task = story.task;
    json::object line{
        {"id", task.id.value()},
        {"type", to_string(task.type)},
        {"status", to_string(task.status)},
        {"failure", task.failure == FailureReason::none ? json::value(nullptr)
                                                        : json::value(to_string(task.failure))},
        {"units_claimed", task.units_claimed.value()},
        {"price",
         {{"per_unit_micro", task.price.micro_credits_per_unit},
          {"min", task.price.min_credits.value()}}},
        {"held", task.held.value()},
        {"hold", to_string(story.hold)},
        {"cost", credits(task.cost)},
        {"cached", task.cached},
        {"provider", task.provider},
        {"attempt", task.attempt},
        {"in_queue", story.in_outbox},
        {"leased_until", milliseconds(task.leased_until)},
        {"next_attempt_at", milliseconds(task.next_attempt_at)},
        {"created_at", milliseconds(task.created_at)},
        {"finished_at", milliseconds(task.finished_at)},
        {"delivery", nullptr},
    };
    line["units_measured"] =
        task.units_measured ? json::value(task.units_measured->value()) : json::value(nullptr);
    if (!story.deliveries.empty()) {
        const auto& delivery = story.deliveries.back();
        line["delivery"] = {{"state", delivery.state}, {"attempt", delivery.attempt}};
    }
    return line;
}

json::object describe(const HistoryLine& line) {
    const auto& row = line.transaction;
    return {{"id", row.id},
            {"amount", row.amount.value()},
            {"type", to_string(row.type)},
            {"task", row.task ? json::value(row.task->value()) : json::value(nullptr)},
            {"balance_after", row.balance_after.value()},
            {"reason", row.reason},
            {"created_at", milliseconds(row.created_at)}};
}

json::object describe(const std::optional<Profile>& profile) {
    const auto account = profile ? profile->account : Account{};
    return {{"registered", profile.has_value()},
            {"balance", account.balance.value()},
            {"held", account.held.value()},
            {"available", account.available().value()}};
}

}  // namespace

Async<void> Story::refresh_books() {
    if (clock_.now() - books_read_at_ < books_stay_fresh) co_return;
    const auto violations = co_await store_.verify();
    violations_ = static_cast<int>(violations.size());
    statistics_ = co_await store_.statistics();
    books_read_at_ = clock_.now();
}

Async<std::string> Story::of(TelegramId user, std::string provider, std::string provider_mode) {
    co_await refresh_books();
    const auto profile = co_await store_.find_user(user);
    json::array tasks;
    const auto ids = co_await store_.newest_tasks(user, newest_tasks);
    for (const auto& id : ids) {
        const auto story = co_await store_.story(id);
        if (story) tasks.push_back(describe(*story));
    }
    json::array ledger;
    const auto lines = co_await store_.history(user, std::nullopt, newest_lines);
    for (const auto& line : lines) ledger.push_back(describe(line));
    json::object books{{"balanced", violations_ == 0},
                       {"violations", violations_},
                       {"users", statistics_.users},
                       {"balance_total", statistics_.balance_total},
                       {"held_total", statistics_.held_total}};
    json::object answer{{"user", describe(profile)},
                        {"tasks", std::move(tasks)},
                        {"ledger", std::move(ledger)},
                        {"books", std::move(books)},
                        {"provider", {{"name", provider}, {"mode", provider_mode}}},
                        {"now", clock_.now().time_since_epoch().count()}};
    co_return json::serialize(answer);
}

}  // namespace mlbilling
