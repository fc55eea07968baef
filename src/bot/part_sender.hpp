#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bot/answer.hpp"
#include "bot/placement.hpp"
#include "bot/samples.hpp"
#include "ports/results.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// What became of one part.
struct PartOutcome {
    telegram::Outcome<telegram::SentMessage> sent;
    /// Whether the same call may be made again although it may have happened: an edit.
    bool repeatable = false;
};

/// Sends the parts of one delivery. Where voices are not allowed it falls back to an audio file,
/// then to a document, and says why; the form that worked is kept for the parts that follow. A
/// result of which a part is lost before it was sent is paid back (design.md, Money rules, 1). What
/// names a user's balance goes to their private chat.
class PartSender {
  public:
    /// `topic`: of the forum, where the answer belongs. `bot_name`: for those who have yet to write
    /// to the bot.
    PartSender(const Dependencies& outside, Samples& samples, const ClaimedDelivery& delivery,
               std::optional<MessageId> topic, std::string bot_name);

    /// With `edit` a text replaces that message. Throws Unavailable only before anything was sent.
    Async<PartOutcome> send(Part part, std::optional<MessageId> edit);

  private:
    enum class Form { voice, audio, document };

    Async<PartOutcome> send_text(TextPart part, std::optional<MessageId> edit);
    /// Nothing when the message to be edited is not there (any more).
    Async<std::optional<PartOutcome>> edit_text(TextPart part, MessageId message);
    Async<telegram::Outcome<telegram::SentMessage>> send_message(TextPart part);
    /// Remembers whose buttons these are; none: that the message has none.
    Async<void> note_buttons(MessageId message, bool has_buttons);
    /// No form of the file arrived; `error` refused the last.
    Async<PartOutcome> tell_of_refusal(telegram::Error error);
    Async<PartOutcome> send_voice(VoicePart part);
    Async<std::unique_ptr<ByteSource>> open_whole(VoicePart part);
    Async<PartOutcome> tell_of_loss();
    Async<PartOutcome> send_document(DocumentPart part);
    Async<PartOutcome> send_sample(SamplePart part);
    Async<telegram::Outcome<telegram::SentMessage>> send_as(Form form, telegram::OutgoingFile file);
    std::string caption(const std::string& own) const;

    telegram::Api& telegram_;
    ResultStore& results_;
    RefundStore& refunds_;
    DeliveryStore& deliveries_;
    Metrics& metrics_;
    Samples& samples_;
    std::optional<TaskRecord> task_;
    /// Whether the user is still owed the task's result: not so when it is sent once more.
    bool owed_;
    OwnedMessage buttons_;
    std::optional<Placement> private_;
    Placement place_;
    bool in_group_;
    std::string bot_name_;
    Language language_;
    Form form_ = Form::voice;
    /// Whether the recipient forbids voices, or Telegram just did not take this one.
    bool forbidden_ = false;
    bool said_why_ = false;
};

}  // namespace mlbilling::bot
