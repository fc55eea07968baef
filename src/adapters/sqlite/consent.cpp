// What a user answers to a question of ours: yes to a price, or no to a task.
#include "adapters/sqlite/intake.hpp"
#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/prices.hpp"
#include "adapters/sqlite/requests.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/tasks.hpp"
#include "adapters/sqlite/users.hpp"
#include "adapters/stored_documents/documents.hpp"

namespace mlbilling::sqlite {
namespace {

/// An unused row of proposals.
struct Proposal {
    TaskType type;
    Payload payload;
    Units units;
    PriceId price;
    Place place;
};

std::optional<Proposal> find_open_proposal(Session& session, ProposalId id, UserId user) {
    auto row = session.database.query(R"(
        SELECT type, payload, units, price_id, chat_id, message_id FROM proposals
         WHERE id = ? AND user_id = ? AND task_id IS NULL)",
                                      id, user);
    if (!row.next()) return std::nullopt;
    const auto type = row.read_name(parse_task_type);
    auto payload = payload_from_json(row.read<std::string>());
    const auto units = row.read<Units>();
    const auto price = row.read<PriceId>();
    const auto chat = row.read<ChatId>();
    return Proposal{type, std::move(payload), units, price,
                    Place{chat, row.read<std::optional<MessageId>>()}};
}

/// The prompt is the task's message: a second yes to it names the same task.
RequestKey key_of_prompt(const IntakeStore::ProposalRequest& request) {
    auto key = key_of(request.update.bot, request.chat, request.prompt);
    key.user = request.sender.telegram;
    return key;
}

Quoted quoted(Session& session, const IntakeStore::ProposalRequest& request, const TaskId& id,
              const Profile& profile, const Proposal& proposal) {
    // The user agreed to the figure of the question, so its price is the one that counts.
    const auto price = price_of(session, proposal.price);
    TaskRecord task;
    task.id = id;
    task.user = profile.id;
    task.type = proposal.type;
    task.payload = proposal.payload;
    task.units_claimed = proposal.units;
    task.price = price;
    task.reply_to = request.reply_to;
    task.place = Place{request.chat, proposal.place.message};
    task.status_message = request.prompt;
    task.deadline_at = session.now + request.time_limit;
    // The prompt stays as it is when there is not enough: it works after the next top-up.
    return {profile,
            std::move(task),
            {request.update.bot, key_of_prompt(request).request},
            quote(price, proposal.units),
            Place{request.chat, request.prompt}};
}

bool is_of_another(Session& session, ProposalId proposal, UserId user) {
    return session.database
        .query("SELECT 1 FROM proposals WHERE id = ? AND user_id <> ?", proposal, user)
        .next();
}

DeliveryId owe_proposal_gone(Session& session, const IntakeStore::ProposalRequest& request,
                             UserId user) {
    Answer gone{.user = user,
                .place = {request.chat, std::nullopt},
                .edit = request.prompt,
                .notice = {Notice::Kind::proposal_gone, {}},
                .task = std::nullopt};
    // In a group anyone may press the button; the question of another user stays.
    if (is_of_another(session, request.proposal, user)) {
        gone.place.message = request.prompt;
        gone.edit.reset();
    }
    return owe(session, gone);
}

std::optional<TaskId> newest_not_started(Session& session, UserId user) {
    auto row = session.database.query(R"(
        SELECT id FROM tasks WHERE user_id = ? AND status = 'created' ORDER BY number DESC LIMIT 1)",
                                      user);
    if (!row.next()) return std::nullopt;
    return row.read<TaskId>();
}

/// The user's task that is to be cancelled, if it is theirs and has not started.
std::optional<TaskRecord> find_cancellable(Session& session, UserId user,
                                           std::optional<TaskId> id) {
    if (!id) id = newest_not_started(session, user);
    if (!id) return std::nullopt;
    auto task = find_task(session, *id);
    if (!task || task->user != user || !next(task->status, TaskEvent::cancel)) return std::nullopt;
    return task;
}

}  // namespace

TaskOutcome accept_proposal(Session& session, const IntakeStore::ProposalRequest& request) {
    const bool repeated = !is_first_time(session, request.update);
    const auto place = find_request(session, key_of_prompt(request));
    if (place.known) return AlreadyKnown{find_task(session, place.id)};
    if (repeated) return AlreadyKnown{};
    const auto sender = registered(
        session, {request.sender, request.start, true, Place{request.chat, request.prompt}});
    const auto proposal = find_open_proposal(session, request.proposal, sender.profile.id);
    if (!proposal) return Refused{owe_proposal_gone(session, request, sender.profile.id)};
    auto outcome =
        accept_quoted(session, quoted(session, request, place.id, sender.profile, *proposal));
    if (std::holds_alternative<Accepted>(outcome))
        session.database.run("UPDATE proposals SET task_id = ? WHERE id = ? AND task_id IS NULL",
                             place.id, request.proposal);
    return outcome;
}

CancelOutcome cancel(Session& session, const IntakeStore::AnswerRequest& request,
                     const std::optional<TaskId>& task) {
    if (!is_first_time(session, request.update)) return {};
    const auto sender = registered(session, arrival_of(request));
    Answer due{.user = sender.profile.id,
               .place = request.place,
               .edit = request.edit,
               .notice = {Notice::Kind::not_cancellable, {}},
               .task = std::nullopt};
    const auto found = find_cancellable(session, sender.profile.id, task);
    if (!found) {
        // The result may have taken the message's place by now.
        due.edit.reset();
        return {owe(session, due), std::nullopt};
    }
    const auto ended =
        end_task(session, *found, TaskEvent::cancel, FailureReason::cancelled, std::nullopt);
    // Another producer still waits for its reply; our own user is told by the notice.
    if (!ended.place) owe_result(session, ended, Outgoing::Who::relay);
    due.notice = {Notice::Kind::cancelled, {{"credits", std::to_string(found->held.value())}}};
    // Should the edited message be gone, the answer still finds what it is about.
    if (!due.place.message && ended.place) due.place.message = ended.place->message;
    if (ended.place) due.task = ended.id;
    return {owe(session, due), ended.id};
}

}  // namespace mlbilling::sqlite
