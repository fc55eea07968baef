#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"
#include "simulation/producer.hpp"
#include "simulation/telegram_server.hpp"

namespace mlbilling::simulation {

/// One thing that a scripted user does, and what the auditor knows of it without asking the
/// service.
struct Act {
    enum class Kind { text, voice, silence, garbage, command };
    Time at;
    TelegramId user;
    Kind kind = Kind::text;
    /// The text, the command, or the file_id.
    std::string content;
    /// `voice`, `silence`: the true length, and what the sender claims.
    Duration length{};
    Duration claimed{};
    /// The full price of it by the auditor's own reckoning; 0 for what is never charged.
    std::int64_t price = 0;
    /// Set when it was done.
    std::optional<MessageId> message;
};

/// What users do in one run, drawn from the seed: texts (some repeated), recordings (some with a
/// lying length), silence, files that are no audio, commands, and bursts of messages beyond their
/// credits.
class Script {
  public:
    Script(World& world, TelegramServer& telegram, Producer& producer);

    /// Does what is due, presses some of the buttons that appeared; the moment of the next act, if
    /// any.
    void play();
    std::optional<Time> next() const;
    bool finished() const { return done_ == acts_.size(); }

    const std::vector<Act>& acts() const { return acts_; }
    const std::vector<TelegramId>& users() const { return users_; }
    std::int64_t start_balance() const { return start_balance_; }
    /// 0 in most runs: no limit.
    int grants_per_hour() const { return grants_per_hour_; }

  private:
    void plan_user(TelegramId user);
    Act plan_act(TelegramId user, Time at);
    void press_buttons();
    /// Another producer asks for a task under the name of the message that comes next.
    void take_name(TelegramId chat);

    World& world_;
    TelegramServer& telegram_;
    Producer& producer_;
    std::vector<TelegramId> users_;
    std::vector<Act> acts_;
    std::size_t done_ = 0;
    std::int64_t start_balance_ = 0;
    int grants_per_hour_ = 0;
    std::int64_t next_content_ = 1;
};

}  // namespace mlbilling::simulation
