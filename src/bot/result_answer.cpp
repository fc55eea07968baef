#include "bot/result_answer.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "bot/discretion.hpp"
#include "bot/menus.hpp"
#include "domain/text.hpp"
#include "texts/failure_text.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

/// Kept free in every message of a transcript for the receipt: a fixed size, so that the cuts do
/// not depend on the balance of the moment and a transcript that was cut off goes on at the right
/// place.
constexpr std::size_t room_for_receipt = 200;
constexpr std::size_t most_messages = 3;

std::string numbered(Language language, std::size_t index, std::size_t count) {
    if (count == 1) return "";
    return render(language, TextId::part_of,
                  {{"part", std::to_string(index + 1)}, {"parts", std::to_string(count)}});
}

Answer voices(const TaskRecord& task, Language language, const std::string& last_line) {
    Answer answer;
    const auto& parts = task.result.parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto caption = numbered(language, i, parts.size());
        if (i + 1 == parts.size()) caption += (caption.empty() ? "" : " · ") + last_line;
        answer.emplace_back(
            VoicePart{parts[i].key, parts[i].duration, std::move(caption), parts[i].bytes});
    }
    return answer;
}

DocumentPart transcript_file(const std::string& text, const std::string& last_line) {
    const auto first_lines = shortened(text, longest_caption - room_for_receipt);
    return {text, "transcript.txt", "text/plain; charset=utf-8", first_lines + "\n\n" + last_line};
}

Answer transcript(const TaskRecord& task, const std::string& last_line) {
    const auto& text = task.result.text;
    auto pieces = split_at_sentences(text, longest_message - room_for_receipt);
    if (pieces.empty()) return {TextPart{last_line, {}}};
    if (task.payload.reply_format == ReplyFormat::file || pieces.size() > most_messages)
        return {transcript_file(text, last_line)};
    pieces.back() += "\n\n" + last_line;
    Answer answer;
    for (auto& piece : pieces) answer.emplace_back(TextPart{std::move(piece), {}});
    return answer;
}

FailureReason reason_of(const TaskRecord& task) {
    if (task.failure != FailureReason::none) return task.failure;
    if (task.status == TaskStatus::cancelled) return FailureReason::cancelled;
    if (task.status == TaskStatus::expired) return FailureReason::expired;
    return FailureReason::provider_failed;
}

TextPart failure(const ClaimedDelivery& delivery, const Engine& engine) {
    const auto& settings = delivery.profile.settings;
    const auto& task = *delivery.task;
    const auto reason = reason_of(task);
    TextPart part{failure_text(settings.language, reason), {}};
    if (reason == FailureReason::insufficient_credits && task.units_measured &&
        !is_in_group(delivery))
        if (const auto price = cost_of(task.price, *task.units_measured))
            part.text +=
                "\n\n" + insufficient_text(settings.language, *price, delivery.profile.account);
    if (reason == FailureReason::unsupported_language && task.type == TaskType::voice) {
        if (const auto note = demonstration_note(settings.language, engine); !note.empty())
            part.text += "\n\n" + note;
        part.keyboard = spoken_language_buttons(settings, engine);
    }
    return part;
}

/// The receipt without what is left, which is nobody else's business.
std::string receipt_for_all(Language language, const TaskRecord& task) {
    const auto cost = task.cost.value_or(Credits());
    const auto id = cost == Credits() ? TextId::receipt_free_for_all
                    : task.cached     ? TextId::receipt_cached_for_all
                                      : TextId::receipt_for_all;
    return render(language, id, {{"cost", number(language, cost.value())}});
}

}  // namespace

std::string receipt(Language language, const TaskRecord& task, Credits balance) {
    const auto cost = task.cost.value_or(Credits());
    const auto id = cost == Credits() ? TextId::receipt_free
                    : task.cached     ? TextId::receipt_cached
                                      : TextId::receipt;
    return render(
        language, id,
        {{"cost", number(language, cost.value())}, {"left", number(language, balance.value())}});
}

std::string insufficient_text(Language language, Credits price, const Account& account) {
    const auto missing = std::max(Credits(), price - account.available());
    Arguments figures{{"price", counted(language, price)},
                      {"balance", counted(language, account.balance)},
                      {"held", counted(language, account.held)},
                      {"available", counted(language, account.available())},
                      {"missing", number(language, missing.value())}};
    if (account.held == Credits())
        return render(language, TextId::insufficient, figures) + " " +
               render(language, TextId::insufficient_top_up);
    // Credits that are only set aside come back: to advise a top-up then would mislead
    // (ledger.md 4.15).
    const auto advice =
        price <= account.balance ? TextId::insufficient_wait : TextId::insufficient_top_up;
    return render(language, TextId::insufficient_held, figures) + "\n" + render(language, advice);
}

Answer result_answer(const ClaimedDelivery& delivery, const Engine& engine) {
    CHECK(delivery.task.has_value());
    const auto& task = *delivery.task;
    if (task.status != TaskStatus::completed) return {failure(delivery, engine)};
    const auto language = delivery.profile.settings.language;
    const auto last_line = is_in_group(delivery)
                               ? receipt_for_all(language, task)
                               : receipt(language, task, delivery.profile.account.balance);
    if (task.type == TaskType::voice) return transcript(task, last_line);
    return voices(task, language, last_line);
}

}  // namespace mlbilling::bot
