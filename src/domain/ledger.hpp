#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/credits.hpp"

namespace mlbilling {

/// transactions.type: why a balance changed.
enum class TransactionType { grant, purchase, charge, refund, adjustment };

std::string_view to_string(TransactionType type);
std::optional<TransactionType> parse_transaction_type(std::string_view name);

/// Names an entry of the ledger for ever: the same key is never booked twice (Money rule 4).
using IdempotencyKey = Strong<struct IdempotencyKeyTag, std::string>;

IdempotencyKey key_of_registration(UserId user);
IdempotencyKey key_of_charge(const TaskId& task);
/// A task may be refunded in parts; each part names its own request.
IdempotencyKey key_of_refund(const TaskId& task, std::string_view request);
/// Payments are keyed by the provider's charge id, never by the invoice (Money rule 8).
IdempotencyKey key_of_purchase(std::string_view provider, std::string_view charge_id);
IdempotencyKey key_of_operator(std::string_view request);

/// One row to be booked. A correction is a new entry, never an edited one.
struct Entry {
    UserId user;
    TransactionType type = TransactionType::grant;
    /// Signed change of the balance, never zero; a charge is negative, all but adjustments else
    /// positive.
    Credits amount;
    std::optional<TaskId> task;
    IdempotencyKey key;
    /// Who caused it: `bot`, `worker`, or an operator's name.
    std::string actor;
    std::string reason;
};

/// A user's money: what is theirs, and what of it is promised to running tasks.
struct Account {
    Credits balance;
    Credits held;

    Credits available() const { return balance - held; }
    friend bool operator==(const Account&, const Account&) = default;
};

/// Refuses an entry whose sign does not fit its type.
Result<Entry> checked(Entry entry);

/// The account after the entry; nothing if the balance would fall below what is held, or overflow.
std::optional<Account> apply(const Account& account, const Entry& entry);
/// The account with `price` more promised; nothing if that much is not available.
std::optional<Account> hold(const Account& account, Credits price);
/// The account after a hold of `held` is resolved by charging `charge` of it, 0 <= charge <= held.
Account resolve(const Account& account, Credits held, Credits charge);

}  // namespace mlbilling
