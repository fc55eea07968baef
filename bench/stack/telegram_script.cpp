#include "stack/telegram_script.hpp"

#include <algorithm>
#include <cmath>

#include "stack/scripted_texts.hpp"
#include "standin/bytes.hpp"

namespace mlbilling::bench {
namespace {

constexpr std::int64_t max_updates = 100;
/// Any day will do: nothing depends on it.
constexpr const char* date = "1790000000";
/// What the stand-in hears in a recording, and nobody else says.
constexpr std::string_view words_of_recording = "milliseconds mark";

double milliseconds(TelegramScript::Clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

std::string at_share(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return "null";
    const auto last = static_cast<double>(sorted.size() - 1);
    return std::to_string(sorted[static_cast<std::size_t>(std::lround(share * last))]);
}

std::string figures_of(std::vector<double> latencies) {
    std::ranges::sort(latencies);
    return R"({"count":)" + std::to_string(latencies.size()) + R"(,"min_ms":)" +
           at_share(latencies, 0) + R"(,"p50_ms":)" + at_share(latencies, 0.5) + R"(,"p99_ms":)" +
           at_share(latencies, 0.99) + R"(,"max_ms":)" + at_share(latencies, 1) + "}";
}

/// Every message of a hundred has its place in a fixed shuffle.
bool is_voice(std::int64_t number, std::int64_t percent) { return number * 61 % 100 < percent; }

}  // namespace

void TelegramScript::write(Clock::time_point at) {
    const auto number = static_cast<std::int64_t>(written_.size());
    written_.push_back({at, is_voice(number, plan_.voices), {}});
}

void TelegramScript::write_due_messages() {
    const auto now = Clock::now();
    if (plan_.rate <= 0) {
        const auto until = std::min(plan_.tasks, answered_ + plan_.outstanding);
        while (static_cast<std::int64_t>(written_.size()) < until) write(now);
        return;
    }
    while (static_cast<std::int64_t>(written_.size()) < plan_.tasks) {
        const auto due = next_write();
        if (due && *due > now) return;
        write(due.value_or(now));
    }
}

std::optional<TelegramScript::Clock::time_point> TelegramScript::next_write() const {
    if (plan_.rate <= 0 || written_.empty()) return std::nullopt;
    const std::chrono::duration<double> after(static_cast<double>(written_.size()) / plan_.rate);
    return written_.front().at + std::chrono::duration_cast<Clock::duration>(after);
}

std::string TelegramScript::update_of(std::int64_t number) const {
    const auto user = std::to_string(1'000 + number % plan_.users);
    const auto id = plan_.first_id + number;
    const auto name = std::to_string(id);
    auto update = R"({"update_id":)" + name + R"(,"message":{"message_id":)" + name +
                  R"(,"from":{"id":)" + user +
                  R"(,"is_bot":false,"first_name":"User","language_code":"en"},"chat":{"id":)" +
                  user + R"(,"first_name":"User","type":"private"},"date":)" + date;
    if (!written_[static_cast<std::size_t>(number)].voice)
        return update + R"(,"text":")" + text_of(static_cast<std::uint32_t>(id)) + R"("}})";
    const auto seconds = (ScriptedVoices::length_of(id).count() + 500) / 1'000;
    return update + R"(,"voice":{"duration":)" + std::to_string(seconds) +
           R"(,"mime_type":"audio/ogg","file_id":"recording)" + name +
           R"(","file_unique_id":"unique)" + name + R"("}}})";
}

std::string TelegramScript::updates(std::int64_t offset) {
    // An offset of an earlier script confirms nothing.
    const auto confirmed = offset - plan_.first_id;
    if (confirmed <= static_cast<std::int64_t>(written_.size()))
        confirmed_ = std::max(confirmed_, confirmed);
    write_due_messages();
    const auto end = std::min(static_cast<std::int64_t>(written_.size()), confirmed_ + max_updates);
    std::string result = "[";
    for (auto number = confirmed_; number < end; ++number)
        result += (number == confirmed_ ? "" : ",") + update_of(number);
    return result + "]";
}

void TelegramScript::answered_by_voice(std::int64_t message) { answered(message); }

void TelegramScript::answered_by_text(std::int64_t message, std::int64_t sent,
                                      const std::string& body) {
    if (body.find(words_of_recording) == std::string::npos)
        unanswered_[sent] = message;
    else
        answered(message);
}

void TelegramScript::changed(std::int64_t sent, const std::string& body) {
    const auto found = unanswered_.find(sent);
    if (found == unanswered_.end()) return;
    if (body.find(words_of_recording) == std::string::npos) return;
    answered(found->second);
    unanswered_.erase(found);
}

Duration TelegramScript::latency_of_provider(std::int64_t number) const {
    if (plan_.provider.sigma <= 0) return Duration(0);
    const auto id = plan_.first_id + number;
    const bool voice = written_[static_cast<std::size_t>(number)].voice;
    return standin::lognormal(
        plan_.provider,
        voice ? voices_.fingerprint_of(id)
              : standin::hex(standin::hash_of(text_of(static_cast<std::uint32_t>(id)))));
}

void TelegramScript::answered(std::int64_t message) {
    const auto number = message - plan_.first_id;
    if (number < 0 || number >= static_cast<std::int64_t>(written_.size())) return;
    auto& written = written_[static_cast<std::size_t>(number)];
    if (written.added_ms) {
        ++repeated_;
        return;
    }
    last_answer_ = Clock::now();
    written.added_ms = milliseconds(last_answer_ - written.at) -
                       static_cast<double>(latency_of_provider(number).count());
    ++answered_;
}

std::string TelegramScript::report() const {
    std::vector<double> all;
    std::vector<double> texts;
    std::vector<double> voices;
    for (const auto& written : written_) {
        if (!written.added_ms) continue;
        all.push_back(*written.added_ms);
        (written.voice ? voices : texts).push_back(*written.added_ms);
    }
    const auto seconds =
        written_.empty() ? 0 : milliseconds(last_answer_ - written_.front().at) / 1'000;
    return R"({"finished":)" + std::string(finished() ? "true" : "false") + R"(,"answered":)" +
           std::to_string(answered_) + R"(,"repeated":)" + std::to_string(repeated_) +
           R"(,"seconds":)" + std::to_string(seconds) + R"(,"all":)" + figures_of(std::move(all)) +
           R"(,"texts":)" + figures_of(std::move(texts)) + R"(,"voices":)" +
           figures_of(std::move(voices)) + "}\n";
}

}  // namespace mlbilling::bench
