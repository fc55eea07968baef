// A user's yes to a price.
#include "adapters/postgres/dialogue.hpp"
#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/postgres/price_list.hpp"
#include "adapters/postgres/requests.hpp"
#include "adapters/postgres/senders.hpp"
#include "adapters/stored_documents/documents.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

using Request = IntakeStore::ProposalRequest;

/// An unused row of proposals.
struct Proposal {
    TaskType type;
    Payload payload;
    Units units;
    PriceId price;
    std::optional<MessageId> message;
};

Async<std::optional<Proposal>> lock_open_proposal(Session& session, ProposalId id, UserId user) {
    auto row = co_await session.query(R"(
        SELECT type, payload, units, price_id, message_id FROM proposals
         WHERE id = $1 AND user_id = $2 AND task_id IS NULL FOR UPDATE)",
                                      id, user);
    if (!row.next()) co_return std::nullopt;
    const auto type = row.read_name(parse_task_type);
    auto payload = payload_from_json(document_of(row.read<std::string_view>()));
    const auto units = row.read<Units>();
    const auto price = row.read<PriceId>();
    const auto message = row.read<std::optional<MessageId>>();
    co_return Proposal{type, std::move(payload), units, price, message};
}

TaskRecord new_task(const Session& session, const Request& request, TaskId id, UserId user,
                    const Proposal& proposal) {
    TaskRecord task;
    task.id = std::move(id);
    task.user = user;
    task.type = proposal.type;
    task.payload = proposal.payload;
    task.units_claimed = proposal.units;
    task.reply_to = request.reply_to;
    task.place = Place{request.chat, proposal.message};
    task.status_message = request.prompt;
    task.deadline_at = session.now + request.time_limit;
    return task;
}

Async<bool> is_of_another(Session& session, ProposalId proposal, UserId user) {
    auto row = co_await session.query("SELECT 1 FROM proposals WHERE id = $1 AND user_id <> $2",
                                      proposal, user);
    co_return row.next();
}

Async<DeliveryId> owe_proposal_gone(Session& session, const Request& request, UserId user) {
    Answer gone{.user = user,
                .place = {request.chat, std::nullopt},
                .edit = request.prompt,
                .notice = {Notice::Kind::proposal_gone, {}},
                .task = std::nullopt};
    // In a group anyone may press the button; the question of another user stays.
    if (co_await is_of_another(session, request.proposal, user)) {
        gone.place.message = request.prompt;
        gone.edit.reset();
    }
    co_return co_await owe(session, gone);
}

/// The prompt stays as it is when there is not enough: it works after the next top-up.
Async<TaskOutcome> refuse_for_credits(Session& session, const Request& request, TaskType type,
                                      Credits price, UserId user, const Account& account) {
    Notice notice{Notice::Kind::insufficient,
                  {{"price", std::to_string(price.value())},
                   {"balance", std::to_string(account.balance.value())},
                   {"held", std::to_string(account.held.value())},
                   {"type", std::string(to_string(type))}}};
    const Place place{request.chat, request.prompt};
    const auto due = co_await owe_in(session, place, user, std::move(notice));
    co_return Insufficient{price, account, due};
}

Async<TaskOutcome> refuse_as_banned(Session& session, const Request& request, UserId user) {
    const Place place{request.chat, request.prompt};
    const auto due = co_await owe_in(session, place, user, {Notice::Kind::banned, {}});
    co_return Refused{due};
}

Async<TaskOutcome> accept_open(Session& session, const Request& request, const TaskId& id,
                               const Profile& profile, const Proposal& proposal) {
    if (profile.role == Role::banned)
        co_return co_await refuse_as_banned(session, request, profile.id);
    auto task = new_task(session, request, id, profile.id, proposal);
    // The user agreed to the figure of the question, so its price is the one that counts.
    task.price = co_await price_of(session, proposal.price);
    const auto price = quote(task.price, proposal.units);
    const Origin origin{request.update.bot, request_of(request.chat, request.prompt)};
    auto created = co_await create_task(session, task, origin, price);
    if (!created) {
        const auto account = (co_await profile_of(session, profile.id)).account;
        co_return co_await refuse_for_credits(session, request, task.type, price, profile.id,
                                              account);
    }
    session.send("UPDATE proposals SET task_id = $1 WHERE id = $2", task.id, request.proposal);
    co_return Accepted{std::move(created->task), created->account, std::move(created->outbox)};
}

}  // namespace

Async<TaskOutcome> accept_proposal(Session& session, const Request& request) {
    const bool repeated = !co_await is_first_time(session, request.update);
    const Arrival arrival{request.sender, request.start, Place{request.chat, request.prompt}};
    std::optional<Registered> sender;
    std::optional<Proposal> proposal;
    if (!repeated) {
        sender = co_await registered(session, arrival);
        proposal = co_await lock_open_proposal(session, request.proposal, sender->profile.id);
    }
    // Looked for behind the lock: another yes to the same prompt may have just been committed.
    const auto place = co_await find_prompt(session, request);
    if (place.known || repeated) {
        std::optional<TaskRecord> known;
        if (place.known) known = co_await find_task(session, place.id);
        co_return AlreadyKnown{std::move(known)};
    }
    if (!proposal) {
        const auto user = sender->profile.id;
        const auto due = co_await owe_proposal_gone(session, request, user);
        co_return Refused{due};
    }
    co_return co_await accept_open(session, request, place.id, sender->profile, *proposal);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
