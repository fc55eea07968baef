#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/model.hpp"

namespace mlbilling::sandbox {

/// A message as it was when the update was made, with the one that it replies to.
struct MessageUpdate {
    bool edited = false;
    Message message;
    std::optional<Message> reply_to;
};

/// A pressed button.
struct ButtonUpdate {
    std::string query_id;
    std::int64_t from = 0;
    std::string data;
    Message message;
};

/// The bot was blocked or let back by a user, or brought into a group.
struct MembershipUpdate {
    std::int64_t by = 0;
    bool was_member = false;
    bool is_member = false;
    Time date;
};

struct Update {
    std::int64_t id = 0;
    std::int64_t chat = 0;
    Time expires;
    std::variant<MessageUpdate, ButtonUpdate, MembershipUpdate> content;

    /// As in allowed_updates, e.g. `callback_query`.
    std::string_view type() const;
};

/// The bot's queue of updates, by the server's own rules (telegram.md 1.2). Knows no clock and
/// never waits.
class Updates {
  public:
    /// Ids count up from `first_id`.
    explicit Updates(std::int64_t first_id) : next_id_(first_id) {}

    /// Queues the update, unless the bot asked not to get this type or the queue is full; its id is
    /// given here.
    void add(Update update);
    /// Gives out the newest update of the chat once more under its old id, even if it was
    /// confirmed. False when the chat never had one.
    bool repeat(std::int64_t chat);
    /// Which types are queued from now on; an empty set means all but the three that must be asked
    /// for.
    void allow(std::set<std::string> types) { allowed_ = std::move(types); }
    const std::set<std::string>& allowed() const { return allowed_; }

    /// Confirms every update below the offset and answers the next ones that are still alive, at
    /// most `limit`. A negative offset keeps only that many of the newest. An offset beyond
    /// anything that was ever given out confirms nothing.
    std::vector<std::shared_ptr<const Update>> fetch(std::int64_t offset, std::size_t limit,
                                                     Time now);
    /// All that wait, oldest first; for a webhook, which confirms each by itself. A repeated one
    /// stands at its old place.
    std::vector<std::shared_ptr<const Update>> waiting(Time now);
    void confirm(std::int64_t id) { queue_.erase(id); }
    std::size_t pending(Time now);
    void clear();

    /// Called when there is something new to fetch, each under the address of its owner.
    std::map<const void*, std::function<void()>> watchers;
    void tell_watchers() const;

  private:
    void forget_expired(Time now);

    std::int64_t next_id_;
    /// Nothing in the queue expires before this.
    Time earliest_expiry_ = Time::max();
    std::set<std::string> allowed_;
    std::map<std::int64_t, std::shared_ptr<const Update>> queue_;
    std::map<std::int64_t, std::shared_ptr<const Update>> newest_of_chat_;
    std::map<std::int64_t, std::shared_ptr<const Update>> repeats_;
};

}  // namespace mlbilling::sandbox
