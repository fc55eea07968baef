#include "main/admin.hpp"

namespace mlbilling {

Async<int> Admin::run(AdminRequest request) {
    using Action = AdminRequest::Action;
    switch (request.action) {
        case Action::user_list: co_return co_await list_users(std::move(request));
        case Action::user_show: co_return co_await show_user(std::move(request));
        case Action::user_credit: co_return co_await credit_user(std::move(request));
        case Action::user_ban: co_return co_await set_role(std::move(request), Role::banned);
        case Action::user_unban: co_return co_await set_role(std::move(request), Role::user);
        case Action::user_role: {
            const auto role = parse_role(request.role);
            if (!role) co_return fail("no such role: " + request.role + " (user, admin or banned)");
            co_return co_await set_role(std::move(request), *role);
        }
        case Action::price_list: co_return co_await list_prices(std::move(request));
        case Action::price_set: co_return co_await set_price(std::move(request));
        case Action::task_list: co_return co_await list_tasks(std::move(request));
        case Action::task_show: co_return co_await show_task(std::move(request));
        case Action::task_retry: co_return co_await retry_task(std::move(request));
        case Action::task_cancel: co_return co_await cancel_task(std::move(request));
        case Action::task_refund: co_return co_await refund_task(std::move(request));
        case Action::ledger_verify: co_return co_await verify_ledger(std::move(request));
        case Action::ledger_digest: co_return co_await digest_ledger(std::move(request));
        // They need more than a store; see command_backup.cpp and command_copy.cpp.
        case Action::backup:
        case Action::restore:
        case Action::copy: break;
    }
    co_return fail("unknown command");
}

int Admin::fail(const std::string& why) {
    errors_ << "mlbilling admin: " << why << '\n';
    return 1;
}

std::string Admin::request_of(const AdminRequest& request) const {
    return request.request.empty() ? fresh_request_ : request.request;
}

}  // namespace mlbilling
