#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "ports/clock.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// One `mlbilling admin` command as it was typed (interface.md, Commands).
struct AdminRequest {
    enum class Action {
        user_list,
        user_show,
        user_credit,
        user_ban,
        user_unban,
        user_role,
        price_list,
        price_set,
        task_list,
        task_show,
        task_retry,
        task_cancel,
        task_refund,
        ledger_verify,
        ledger_digest,
        backup,
        restore,
        copy
    };
    Action action = Action::ledger_verify;
    TelegramId user;
    TaskId task;
    std::int64_t amount = 0;
    std::string reason;
    /// Makes a repeated command book once; empty: each command is its own request.
    std::string request;
    std::string role;
    TaskType type = TaskType::text;
    /// Decimal credits for one unit, as typed.
    std::string price_per_unit;
    std::optional<int> min_credits;
    std::optional<int> cached_percent;
    int limit = 50;
    /// Instead of tasks, the answers that never arrived for certain.
    bool undelivered = false;
    /// Of a backup: the folder to write to, the file to read. Of the ledger: the digest to compare
    /// it with, or empty.
    std::string path;
    std::optional<int> keep_days;
    /// Of a copy: `sqlite:FILE` and `postgresql://…`.
    std::string from;
    std::string to;
    bool json = false;
    /// Who is written into the ledger as the actor.
    std::string actor;
};

/// Runs one command and prints its answer: a table for people, or JSON for programs. Returns the
/// process's exit code; what went wrong is one line on `errors`.
class Admin {
  public:
    Admin(OperatorStore& store, Clock& clock, std::string fresh_request, std::ostream& out,
          std::ostream& errors)
        : store_(store),
          clock_(clock),
          fresh_request_(std::move(fresh_request)),
          out_(out),
          errors_(errors) {}

    Async<int> run(AdminRequest request);

  private:
    Async<int> list_users(AdminRequest request);
    Async<int> show_user(AdminRequest request);
    Async<int> credit_user(AdminRequest request);
    Async<int> set_role(AdminRequest request, Role role);
    Async<int> list_prices(AdminRequest request);
    Async<int> set_price(AdminRequest request);
    Async<int> list_tasks(AdminRequest request);
    Async<int> list_undelivered(AdminRequest request);
    Async<int> show_task(AdminRequest request);
    Async<int> retry_task(AdminRequest request);
    Async<int> cancel_task(AdminRequest request);
    Async<int> refund_task(AdminRequest request);
    Async<int> verify_ledger(AdminRequest request);
    Async<int> compare_digest(AdminRequest request);
    Async<int> digest_ledger(AdminRequest request);

    int print_booking(const AdminRequest& request, const BookingOutcome& outcome);
    int fail(const std::string& why);
    std::string request_of(const AdminRequest& request) const;

    OperatorStore& store_;
    Clock& clock_;
    std::string fresh_request_;
    std::ostream& out_;
    std::ostream& errors_;
};

}  // namespace mlbilling
