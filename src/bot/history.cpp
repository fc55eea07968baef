#include "bot/history.hpp"

#include <chrono>

#include "bot/button.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

std::string two_digits(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

TextId what_for(const HistoryLine& line) {
    switch (line.transaction.type) {
        case TransactionType::grant: return TextId::history_grant;
        case TransactionType::purchase: return TextId::history_purchase;
        case TransactionType::refund: return TextId::history_refund;
        case TransactionType::adjustment: return TextId::history_adjustment;
        case TransactionType::charge: break;
    }
    if (!line.type) return TextId::history_charge;
    return *line.type == TaskType::text ? TextId::history_charge_text
                                        : TextId::history_charge_voice;
}

std::string line_text(Language language, const HistoryLine& line) {
    const auto& entry = line.transaction;
    auto what = render(language, what_for(line));
    if (!line.provider.empty()) what += " (" + line.provider + ")";
    return render(language, TextId::history_line,
                  {{"time", moment_text(entry.created_at)},
                   {"amount", signed_number(language, entry.amount.value())},
                   {"what", what},
                   {"left", number(language, entry.balance_after.value())}});
}

}  // namespace

std::string moment_text(Time moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(moment - day));
    return two_digits(static_cast<unsigned>(date.day())) + "." +
           two_digits(static_cast<unsigned>(date.month())) + "." +
           std::to_string(static_cast<int>(date.year())) + " " +
           two_digits(static_cast<unsigned>(time.hours().count())) + ":" +
           two_digits(static_cast<unsigned>(time.minutes().count()));
}

TextPart history_text(Language language, const std::vector<HistoryLine>& lines) {
    if (lines.empty()) return {render(language, TextId::history_empty), {}};
    TextPart page{render(language, TextId::history_title), {}};
    for (const auto& line : lines) page.text += "\n" + line_text(language, line);
    const auto oldest = lines.back().transaction.id;
    if (lines.size() >= history_page && oldest > 0)
        page.keyboard = {
            {{render(language, TextId::button_earlier), button_data(ShowHistory{oldest})}}};
    return page;
}

}  // namespace mlbilling::bot
