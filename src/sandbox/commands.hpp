#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mlbilling::sandbox {

struct Command {
    std::string command;
    std::string description;
};

/// The bot's command lists, one per scope and language (telegram.md 1.4).
class Commands {
  public:
    using Key = std::pair<std::string, std::string>;

    /// An empty list deletes the entry.
    void set(Key scope_and_language, std::vector<Command> commands) {
        if (commands.empty()) {
            lists_.erase(scope_and_language);
        } else if (lists_.size() < 1'000 || lists_.contains(scope_and_language)) {
            lists_[std::move(scope_and_language)] = std::move(commands);
        }
    }
    std::vector<Command> get(const Key& scope_and_language) const {
        const auto found = lists_.find(scope_and_language);
        return found == lists_.end() ? std::vector<Command>() : found->second;
    }
    const std::map<Key, std::vector<Command>>& all() const { return lists_; }

  private:
    std::map<Key, std::vector<Command>> lists_;
};

}  // namespace mlbilling::sandbox
