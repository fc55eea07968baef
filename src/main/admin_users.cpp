#include <boost/json.hpp>

#include "main/admin.hpp"
#include "main/moment.hpp"
#include "main/report.hpp"

namespace mlbilling {
namespace {

Report user_report() {
    return Report({"telegram_id", "username", "role", "balance", "held", "available", "language",
                   "created_at"});
}

void add(Report& report, const Profile& user) {
    report.add(user.telegram.value(), user.username, to_string(user.role),
               user.account.balance.value(), user.account.held.value(),
               user.account.available().value(), to_string(user.settings.language),
               written(user.created_at));
}

std::string explain(BookingFailure failure) {
    switch (failure) {
        case BookingFailure::no_such_user: return "no such user; they must write to the bot first";
        case BookingFailure::no_such_task: return "no such completed task";
        case BookingFailure::already_booked:
            return "this request was booked before; nothing changed";
        case BookingFailure::below_held:
            return "the balance would fall below what running tasks hold; nothing changed";
        case BookingFailure::above_charge: return "more than the task was charged; nothing changed";
        case BookingFailure::no_amount: return "a booking of nothing; nothing changed";
        case BookingFailure::overflow: return "the balance would leave its range; nothing changed";
    }
    return "refused";
}

}  // namespace

int Admin::print_booking(const AdminRequest& request, const BookingOutcome& outcome) {
    if (const auto* failure = std::get_if<BookingFailure>(&outcome)) return fail(explain(*failure));
    const auto& row = std::get<TransactionRecord>(outcome);
    Report report(
        {"transaction", "type", "amount", "balance_after", "reason", "actor", "created_at"});
    report.add(row.id, to_string(row.type), row.amount.value(), row.balance_after.value(),
               row.reason, row.actor, written(row.created_at));
    report.print_single(out_, request.json);
    return 0;
}

Async<int> Admin::list_users(AdminRequest request) {
    auto report = user_report();
    const auto users = co_await store_.users(request.limit);
    for (const auto& user : users) add(report, user);
    report.print(out_, request.json);
    co_return 0;
}

Async<int> Admin::show_user(AdminRequest request) {
    const auto user = co_await store_.find_user(request.user);
    if (!user) co_return fail("no user with Telegram id " + std::to_string(request.user.value()));
    auto report = user_report();
    add(report, *user);
    report.print_single(out_, request.json);
    co_return 0;
}

Async<int> Admin::credit_user(AdminRequest request) {
    const auto amount = Credits::from(request.amount);
    if (!amount || *amount == Credits(0))
        co_return fail("the amount is a whole number of credits other than 0, up to 2147483647");
    Correction correction{request.user, *amount, request.actor, request.reason,
                          request_of(request)};
    const auto outcome = co_await store_.correct(std::move(correction));
    co_return print_booking(request, outcome);
}

Async<int> Admin::set_role(AdminRequest request, Role role) {
    const bool found = co_await store_.set_role(request.user, role, request.actor);
    if (!found) co_return fail("no user with Telegram id " + std::to_string(request.user.value()));
    co_return co_await show_user(std::move(request));
}

}  // namespace mlbilling
