#include "bot/part_sender.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/button.hpp"
#include "bot/discretion.hpp"
#include "domain/text.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

using telegram::Failure;

/// Whether nobody can be written to there.
bool is_unreachable(Failure failure) {
    return failure == Failure::forbidden || failure == Failure::chat_not_found ||
           failure == Failure::write_forbidden || failure == Failure::bad_request;
}

/// Whether another form of the same file may still arrive.
bool is_refused(Failure failure) {
    return failure == Failure::voice_forbidden || failure == Failure::too_large ||
           failure == Failure::file_unavailable || failure == Failure::bad_request;
}

/// A result that is sent again answers the message which asked for the work.
std::optional<MessageId> answered_by(const ClaimedDelivery& delivery) {
    if (delivery.reply_to || !delivery.task || !delivery.task->place) return delivery.reply_to;
    return delivery.task->place->message;
}

}  // namespace

PartSender::PartSender(const Dependencies& outside, Samples& samples,
                       const ClaimedDelivery& delivery, std::optional<MessageId> topic,
                       std::string bot_name)
    : telegram_(outside.telegram),
      results_(outside.results),
      refunds_(outside.refunds),
      deliveries_(outside.deliveries),
      metrics_(outside.metrics),
      samples_(samples),
      task_(delivery.task),
      owed_(delivery.notice.kind == Notice::Kind::task_result),
      buttons_{delivery.notice.kind == Notice::Kind::proposal ? ButtonMessage::question
                                                              : ButtonMessage::menu,
               delivery.profile.telegram},
      place_(delivery.chat, answered_by(delivery), topic),
      in_group_(is_in_group(delivery)),
      bot_name_(std::move(bot_name)),
      language_(delivery.profile.settings.language) {
    if (in_group_ && is_private(delivery.notice.kind))
        private_.emplace(private_chat(delivery.profile), std::nullopt, std::nullopt);
}

Async<PartOutcome> PartSender::send(Part part, std::optional<MessageId> edit) {
    if (auto* text = std::get_if<TextPart>(&part))
        co_return co_await send_text(std::move(*text), edit);
    if (auto* voice = std::get_if<VoicePart>(&part))
        co_return co_await send_voice(std::move(*voice));
    if (auto* sample = std::get_if<SamplePart>(&part))
        co_return co_await send_sample(std::move(*sample));
    co_return co_await send_document(std::get<DocumentPart>(std::move(part)));
}

Async<PartOutcome> PartSender::send_text(TextPart part, std::optional<MessageId> edit) {
    if (edit && !private_) {
        auto edited = co_await edit_text(part, *edit);
        if (edited) co_return std::move(*edited);
    }
    const bool has_buttons = !part.keyboard.empty();
    auto sent = co_await send_message(std::move(part));
    if (sent.ok() && has_buttons) co_await note_buttons(sent->id, true);
    co_return PartOutcome{std::move(sent), false};
}

Async<std::optional<PartOutcome>> PartSender::edit_text(TextPart part, MessageId message) {
    const bool has_buttons = !part.keyboard.empty();
    // A result must be safe from presses before it stands there.
    if (owed_ && !has_buttons) co_await note_buttons(message, false);
    const auto outcome = co_await telegram_.edit_message_text(
        place_.chat(), message, std::move(part.text), std::move(part.keyboard));
    if (outcome.ok() || outcome.error().failure == Failure::not_modified) {
        if (has_buttons || !owed_) co_await note_buttons(message, has_buttons);
        co_return PartOutcome{telegram::SentMessage{message, ""}, true};
    }
    const auto failure = outcome.error().failure;
    if (failure == Failure::message_gone || failure == Failure::bad_request ||
        failure == Failure::topic_closed)
        co_return std::nullopt;
    co_return PartOutcome{outcome.error(), true};
}

Async<telegram::Outcome<telegram::SentMessage>> PartSender::send_message(TextPart part) {
    while (true) {
        auto& place = private_ ? *private_ : place_;
        telegram::OutgoingText message;
        message.chat = place.chat();
        message.topic = place.topic();
        message.reply_to = place.reply_to();
        message.text = part.text;
        message.keyboard = part.keyboard;
        auto sent = co_await telegram_.send_message(std::move(message));
        if (sent.ok()) co_return sent;
        const auto failure = sent.error().failure;
        if (private_ && is_unreachable(failure)) {
            // Who has never written to the bot cannot be written to.
            private_.reset();
            part = {render(language_, TextId::write_privately, {{"bot", bot_name_}}), {}};
        } else if (!place.give_way(failure)) {
            co_return sent;
        }
    }
}

Async<void> PartSender::note_buttons(MessageId message, bool has_buttons) {
    const auto chat = private_ ? private_->chat() : place_.chat();
    try {
        co_await deliveries_.set_buttons(chat, message,
                                         has_buttons ? std::optional(buttons_) : std::nullopt);
    } catch (const Unavailable& error) {
        // At worst the buttons are refused, and the user asks again.
        log::warning("the owner of a message with buttons is not noted", {{"error", error.what()}});
    }
}

Async<PartOutcome> PartSender::send_voice(VoicePart part) {
    while (true) {
        telegram::OutgoingFile file;
        file.chat = place_.chat();
        file.topic = place_.topic();
        file.content = co_await open_whole(part);
        if (!file.content) co_return co_await tell_of_loss();
        file.file_name = "voice.ogg";
        file.mime_type = "audio/ogg";
        file.caption = caption(part.caption);
        file.duration = part.duration;
        file.reply_to = place_.reply_to();
        auto sent = co_await send_as(form_, std::move(file));
        if (sent.ok()) said_why_ = true;
        if (!sent.ok() && place_.give_way(sent.error().failure)) continue;
        if (sent.ok() || !is_refused(sent.error().failure))
            co_return PartOutcome{std::move(sent), false};
        log::info("a voice is refused", {{"error", sent.error().description}});
        forbidden_ = forbidden_ || sent.error().failure == Failure::voice_forbidden;
        if (form_ == Form::document) co_return co_await tell_of_refusal(std::move(sent.error()));
        form_ = form_ == Form::voice ? Form::audio : Form::document;
    }
}

Async<PartOutcome> PartSender::tell_of_refusal(telegram::Error error) {
    const bool is_paid = task_ && task_->cost.value_or(Credits()) > Credits();
    TextPart told{render(language_, TextId::result_unsendable), {}};
    if (owed_ && is_paid) {
        // What the chat does not take in any form is refused for good.
        if (in_group_ || !forbidden_) co_return PartOutcome{std::move(error), false};
        // The user's own setting: the result is theirs as soon as they change it.
        metrics_.delivery_refused("files_forbidden", "offered");
        told.keyboard = {
            {{render(language_, TextId::button_again), button_data(ResendResult{task_->id})}}};
    }
    co_return co_await send_text(std::move(told), std::nullopt);
}

Async<std::unique_ptr<ByteSource>> PartSender::open_whole(VoicePart part) {
    auto content = co_await results_.open(part.key);
    if (content && (!part.bytes || content->size() == *part.bytes)) co_return content;
    log::error("a finished voice is missing in the result store", {{"key", part.key}});
    co_return nullptr;
}

Async<PartOutcome> PartSender::tell_of_loss() {
    const auto cost = task_ ? task_->cost.value_or(Credits()) : Credits();
    if (!owed_ || cost == Credits())
        co_return co_await send_text({render(language_, TextId::result_gone), {}}, std::nullopt);
    const auto booked =
        co_await refunds_.refund(task_->id, cost, "bot", "the result was lost", "lost");
    if (std::holds_alternative<TransactionRecord>(booked))
        metrics_.booked(TransactionType::refund, cost);
    // Otherwise it was given back before, by an earlier attempt to send this or by an operator.
    co_return co_await send_text(
        {render(language_, TextId::result_lost, {{"cost", counted(language_, cost)}}), {}},
        std::nullopt);
}

std::string PartSender::caption(const std::string& own) const {
    if (form_ == Form::voice || said_why_) return own;
    const auto why = !forbidden_            ? TextId::voice_refused
                     : form_ == Form::audio ? TextId::sent_as_audio
                                            : TextId::sent_as_document;
    return render(language_, why) + (own.empty() ? "" : "\n" + own);
}

Async<telegram::Outcome<telegram::SentMessage>> PartSender::send_as(Form form,
                                                                    telegram::OutgoingFile file) {
    switch (form) {
        case Form::voice: co_return co_await telegram_.send_voice(std::move(file));
        case Form::audio: co_return co_await telegram_.send_audio(std::move(file));
        case Form::document: break;
    }
    co_return co_await telegram_.send_document(std::move(file));
}

Async<PartOutcome> PartSender::send_document(DocumentPart part) {
    while (true) {
        telegram::OutgoingFile file;
        file.chat = place_.chat();
        file.topic = place_.topic();
        file.content = std::make_unique<HeldBytes>(part.bytes);
        file.file_name = part.file_name;
        file.mime_type = part.mime_type;
        file.caption = part.caption;
        file.reply_to = place_.reply_to();
        auto sent = co_await telegram_.send_document(std::move(file));
        if (!sent.ok() && place_.give_way(sent.error().failure)) continue;
        if (sent.ok() || !is_refused(sent.error().failure))
            co_return PartOutcome{std::move(sent), false};
        break;
    }
    // Better the beginning than nothing where files are not allowed.
    co_return co_await send_text({shortened(part.bytes, longest_message), {}}, std::nullopt);
}

Async<PartOutcome> PartSender::send_sample(SamplePart part) {
    const auto sample = co_await samples_.sample(part.voice);
    const Arguments title{{"voice", part.voice.title}};
    if (!sample)
        co_return co_await send_text({render(language_, TextId::sample_unavailable, title), {}},
                                     std::nullopt);
    telegram::OutgoingFile file;
    file.chat = place_.chat();
    file.topic = place_.topic();
    file.file_id = sample->file_id;
    if (sample->file_id.empty()) file.content = std::make_unique<HeldBytes>(sample->ogg_opus);
    file.file_name = "sample.ogg";
    file.mime_type = "audio/ogg";
    file.duration = sample->duration;
    file.caption = render(language_, TextId::sample_caption, title);
    auto sent = co_await telegram_.send_voice(std::move(file));
    if (sent.ok()) {
        samples_.remember(part.voice.id, sent->file_id);
    } else if (is_refused(sent.error().failure)) {
        samples_.forget(part.voice.id);
        const auto id = sent.error().failure == Failure::voice_forbidden
                            ? TextId::result_unsendable
                            : TextId::sample_unavailable;
        co_return co_await send_text({render(language_, id, title), {}}, std::nullopt);
    }
    co_return PartOutcome{std::move(sent), false};
}

}  // namespace mlbilling::bot
