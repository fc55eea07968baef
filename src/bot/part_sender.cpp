#include "bot/part_sender.hpp"

#include <utility>

#include "base/log.hpp"
#include "domain/text.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

using telegram::Failure;

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
                       const ClaimedDelivery& delivery)
    : telegram_(outside.telegram),
      results_(outside.results),
      refunds_(outside.refunds),
      samples_(samples),
      task_(delivery.task),
      owed_(delivery.notice.kind == Notice::Kind::task_result),
      chat_(delivery.chat),
      reply_to_(answered_by(delivery)),
      language_(delivery.profile.settings.language) {}

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
    if (edit) {
        const auto outcome =
            co_await telegram_.edit_message_text(chat_, *edit, part.text, part.keyboard);
        if (outcome.ok() || outcome.error().failure == Failure::not_modified)
            co_return PartOutcome{telegram::SentMessage{*edit, ""}, true};
        const auto failure = outcome.error().failure;
        if (failure != Failure::message_gone && failure != Failure::bad_request)
            co_return PartOutcome{outcome.error(), true};
    }
    telegram::OutgoingText message;
    message.chat = chat_;
    message.text = std::move(part.text);
    message.reply_to = reply_to_;
    message.keyboard = std::move(part.keyboard);
    auto sent = co_await telegram_.send_message(std::move(message));
    co_return PartOutcome{std::move(sent), false};
}

Async<PartOutcome> PartSender::send_voice(VoicePart part) {
    while (true) {
        telegram::OutgoingFile file;
        file.chat = chat_;
        file.content = co_await open_whole(part);
        if (!file.content) co_return co_await tell_of_loss();
        file.file_name = "voice.ogg";
        file.mime_type = "audio/ogg";
        file.caption = caption(part.caption);
        file.duration = part.duration;
        file.reply_to = reply_to_;
        auto sent = co_await send_as(form_, std::move(file));
        if (sent.ok()) said_why_ = true;
        if (sent.ok() || !is_refused(sent.error().failure))
            co_return PartOutcome{std::move(sent), false};
        log::info("a voice is refused", {{"error", sent.error().description}});
        forbidden_ = forbidden_ || sent.error().failure == Failure::voice_forbidden;
        if (form_ == Form::document) break;
        form_ = form_ == Form::voice ? Form::audio : Form::document;
    }
    co_return co_await send_text({render(language_, TextId::result_unsendable), {}}, std::nullopt);
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
    // It may have been given back before, by an earlier attempt to send this or by an operator.
    co_await refunds_.refund(task_->id, cost, "bot", "the result was lost", "lost");
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
    telegram::OutgoingFile file;
    file.chat = chat_;
    file.content = std::make_unique<HeldBytes>(part.bytes);
    file.file_name = std::move(part.file_name);
    file.mime_type = std::move(part.mime_type);
    file.caption = std::move(part.caption);
    file.reply_to = reply_to_;
    auto sent = co_await telegram_.send_document(std::move(file));
    if (sent.ok() || !is_refused(sent.error().failure))
        co_return PartOutcome{std::move(sent), false};
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
    file.chat = chat_;
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
