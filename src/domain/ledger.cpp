#include "domain/ledger.hpp"

#include "base/check.hpp"
#include "domain/names.hpp"

namespace mlbilling {
namespace {

constexpr Names<TransactionType, 5> names{{{TransactionType::grant, "grant"},
                                           {TransactionType::purchase, "purchase"},
                                           {TransactionType::charge, "charge"},
                                           {TransactionType::refund, "refund"},
                                           {TransactionType::adjustment, "adjustment"}}};

void check_promises(const Account& account) {
    CHECK(account.balance >= Credits(0));
    CHECK(account.held >= Credits(0));
    CHECK(account.held <= account.balance);
}

}  // namespace

std::string_view to_string(TransactionType type) { return name_of(names, type); }
std::optional<TransactionType> parse_transaction_type(std::string_view name) {
    return value_of(names, name);
}

IdempotencyKey key_of_registration(UserId user) {
    return IdempotencyKey("registration:" + std::to_string(user.value()));
}
IdempotencyKey key_of_charge(const TaskId& task) {
    return IdempotencyKey("charge:" + task.value());
}
IdempotencyKey key_of_refund(const TaskId& task, std::string_view request) {
    return IdempotencyKey("refund:" + task.value() + ':' + std::string(request));
}
IdempotencyKey key_of_purchase(std::string_view provider, std::string_view charge_id) {
    return IdempotencyKey("purchase:" + std::string(provider) + ':' + std::string(charge_id));
}
IdempotencyKey key_of_operator(std::string_view request) {
    return IdempotencyKey("operator:" + std::string(request));
}

Result<Entry> checked(Entry entry) {
    if (entry.amount == Credits(0)) return Problem{"an entry of 0 credits says nothing"};
    const bool takes = entry.amount < Credits(0);
    if (entry.type == TransactionType::adjustment) return entry;
    if (takes != (entry.type == TransactionType::charge))
        return Problem{"only a charge or an adjustment takes credits away"};
    return entry;
}

std::optional<Account> apply(const Account& account, const Entry& entry) {
    check_promises(account);
    const auto balance = Credits::from(account.balance.value() + entry.amount.value());
    if (!balance || *balance < account.held) return std::nullopt;
    return Account{*balance, account.held};
}

std::optional<Account> hold(const Account& account, Credits price) {
    check_promises(account);
    CHECK(price >= Credits(0));
    if (price > account.available()) return std::nullopt;
    return Account{account.balance, account.held + price};
}

Account resolve(const Account& account, Credits held, Credits charge) {
    check_promises(account);
    CHECK(charge >= Credits(0));
    CHECK(charge <= held);
    CHECK(held <= account.held);
    const Account after{account.balance - charge, account.held - held};
    check_promises(after);
    return after;
}

}  // namespace mlbilling
