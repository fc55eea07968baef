#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "bot/conversation.hpp"
#include "domain/text.hpp"

namespace mlbilling::bot {
namespace {

/// The sender's claim in ms; nothing is known where it is absent or cannot be true
/// (telegram.md 1.5).
Units claimed_units(const telegram::MediaFile& media) {
    constexpr Duration believable{24 * 3'600'000LL};
    const auto claimed = media.duration.value_or(Duration(0));
    return Units(std::clamp(claimed, Duration(0), believable).count());
}

std::string text_of(TaskType type) { return std::string(to_string(type)); }

}  // namespace

TaskRequest Conversation::task_request(const Asker& asker, TaskType type) const {
    const auto& place = asker.place;
    TaskRequest request;
    request.update = asker.update;
    request.sender = asker.sender;
    request.id = TaskId(std::to_string(place.chat.value()) + "_" +
                        std::to_string(place.message.value_or(MessageId(0)).value()));
    request.type = type;
    request.reply_to = options_.reply_queue.value();
    request.place = place;
    request.ask_above = options_.ask_above;
    request.start = options_.start;
    request.time_limit = options_.task_time_limit;
    return request;
}

Async<void> Conversation::on_text(Asker asker, std::string text) {
    const auto length = count_code_points(text);
    if (!has_words(text)) {
        co_await tell(std::move(asker), {Notice::Kind::nothing_to_say, {}});
    } else if (length > options_.longest_text) {
        Notice notice{Notice::Kind::text_too_long,
                      {{"limit", std::to_string(options_.longest_text)}}};
        co_await tell(std::move(asker), std::move(notice));
    } else {
        auto request = task_request(asker, TaskType::text);
        request.data = std::move(text);
        request.claimed = Units(static_cast<std::int64_t>(length));
        follow(co_await outside_.intake.accept(std::move(request)), asker);
    }
}

Async<void> Conversation::on_recording(Asker asker, telegram::MediaFile media) {
    if (media.size.value_or(0) > options_.largest_file) {
        const auto megabytes = std::to_string(options_.largest_file >> 20);
        co_await tell(std::move(asker), {Notice::Kind::file_too_large, {{"megabytes", megabytes}}});
        co_return;
    }
    auto request = task_request(asker, TaskType::voice);
    request.claimed = claimed_units(media);
    request.data = std::move(media.file_id);
    request.file_unique_id = std::move(media.file_unique_id);
    follow(co_await outside_.intake.accept(std::move(request)), asker);
}

Async<void> Conversation::accept_proposal(Asker asker, ProposalId proposal, MessageId prompt) {
    IntakeStore::ProposalRequest request;
    request.update = asker.update;
    request.sender = asker.sender;
    request.proposal = proposal;
    request.chat = asker.place.chat;
    request.prompt = prompt;
    request.reply_to = options_.reply_queue.value();
    request.start = options_.start;
    request.time_limit = options_.task_time_limit;
    follow(co_await outside_.intake.accept_proposal(std::move(request)), asker);
}

void Conversation::follow(TaskOutcome outcome, const Asker& asker) {
    const auto chat = asker.place.chat;
    if (auto* accepted = std::get_if<Accepted>(&outcome)) {
        start(std::move(*accepted), asker.topic);
    } else if (std::holds_alternative<AlreadyKnown>(outcome)) {
        outside_.metrics.duplicate_dropped("update");
    } else if (const auto* proposed = std::get_if<Proposed>(&outcome)) {
        deliveries_.deliver(proposed->notice, chat);
    } else if (const auto* insufficient = std::get_if<Insufficient>(&outcome)) {
        if (insufficient->notice) deliveries_.deliver(*insufficient->notice, chat);
    } else if (const auto* refused = std::get_if<Refused>(&outcome)) {
        if (refused->notice) deliveries_.deliver(*refused->notice, chat);
    }
}

void Conversation::start(Accepted accepted, std::optional<MessageId> topic) {
    const auto& task = accepted.task;
    log::info("task accepted", {{"task", task.id},
                                {"type", text_of(task.type)},
                                {"units", task.units_claimed.value()},
                                {"credits", task.held.value()}});
    progress_.start(task, topic);
    background_.start("publish", outside_.publisher.publish(std::move(accepted.outbox)));
}

}  // namespace mlbilling::bot
