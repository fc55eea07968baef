#include "sandbox/updates.hpp"

#include <algorithm>
#include <iterator>

namespace mlbilling::sandbox {
namespace {

/// As the real server's queue (telegram.md 1.2); what comes beyond is lost there, too.
constexpr std::size_t most_updates = 100'000;
/// The real server takes an offset further ahead than this for a mistake and starts from the
/// oldest.
constexpr std::int64_t furthest_offset = 10;

}  // namespace

std::string_view Update::type() const {
    if (const auto* message = std::get_if<MessageUpdate>(&content)) {
        return message->edited ? "edited_message" : "message";
    }
    return std::holds_alternative<ButtonUpdate>(content) ? "callback_query" : "my_chat_member";
}

void Updates::add(Update update) {
    if (!allowed_.empty() && !allowed_.contains(std::string(update.type()))) return;
    if (queue_.size() >= most_updates) return;
    update.id = next_id_++;
    earliest_expiry_ = std::min(earliest_expiry_, update.expires);
    const auto kept = std::make_shared<const Update>(std::move(update));
    queue_.emplace(kept->id, kept);
    newest_of_chat_[kept->chat] = kept;
    tell_watchers();
}

bool Updates::repeat(std::int64_t chat) {
    const auto newest = newest_of_chat_.find(chat);
    if (newest == newest_of_chat_.end()) return false;
    repeats_[newest->second->id] = newest->second;
    tell_watchers();
    return true;
}

std::vector<std::shared_ptr<const Update>> Updates::fetch(std::int64_t offset, std::size_t limit,
                                                          Time now) {
    if (offset < 0) {
        while (static_cast<std::int64_t>(queue_.size()) > -offset) queue_.erase(queue_.begin());
    } else if (offset <= next_id_ + furthest_offset) {
        queue_.erase(queue_.begin(), queue_.lower_bound(offset));
    }
    forget_expired(now);
    std::vector<std::shared_ptr<const Update>> batch;
    for (auto repeat = repeats_.begin(); repeat != repeats_.end() && batch.size() < limit;) {
        // While it still waits in the queue, giving it out is not yet a repetition.
        const bool confirmed = !queue_.contains(repeat->first);
        if (confirmed) batch.push_back(repeat->second);
        repeat = confirmed ? repeats_.erase(repeat) : std::next(repeat);
    }
    for (const auto& [id, update] : queue_) {
        if (batch.size() >= limit) break;
        batch.push_back(update);
    }
    return batch;
}

std::vector<std::shared_ptr<const Update>> Updates::waiting(Time now) {
    queue_.merge(repeats_);
    repeats_.clear();
    forget_expired(now);
    std::vector<std::shared_ptr<const Update>> all;
    all.reserve(queue_.size());
    for (const auto& [id, update] : queue_) all.push_back(update);
    return all;
}

void Updates::tell_watchers() const {
    for (const auto& [owner, tell] : watchers) tell();
}

std::size_t Updates::pending(Time now) {
    forget_expired(now);
    return queue_.size();
}

void Updates::clear() {
    queue_.clear();
    repeats_.clear();
}

void Updates::forget_expired(Time now) {
    if (now < earliest_expiry_) return;
    std::erase_if(queue_, [now](const auto& entry) { return entry.second->expires <= now; });
    earliest_expiry_ = Time::max();
    for (const auto& [id, update] : queue_)
        earliest_expiry_ = std::min(earliest_expiry_, update->expires);
}

}  // namespace mlbilling::sandbox
