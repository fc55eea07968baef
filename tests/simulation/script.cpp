#include "simulation/script.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace mlbilling::simulation {
namespace {

constexpr Duration acting_time{300'000};

/// The auditor's own price formula: a tenth of a credit for a character, half of one for a second,
/// at least one, rounded up.
std::int64_t price_of_text(std::size_t characters) {
    return std::max<std::int64_t>(1, (static_cast<std::int64_t>(characters) + 9) / 10);
}
std::int64_t price_of_voice(Duration length) {
    return std::max<std::int64_t>(1, (length.count() + 1999) / 2000);
}

}  // namespace

Script::Script(World& world, TelegramServer& telegram, Producer& producer)
    : world_(world), telegram_(telegram), producer_(producer) {
    start_balance_ = world.dice.between(3, 60);
    if (world.dice.between(0, 7) == 0)
        grants_per_hour_ = static_cast<int>(world.dice.between(2, 3));
    const auto count = world.dice.between(2, 5);
    for (std::int64_t i = 0; i < count; ++i) plan_user(TelegramId(1000 + i));
    std::sort(acts_.begin(), acts_.end(), [](const Act& a, const Act& b) {
        return std::tie(a.at, a.content) < std::tie(b.at, b.content);
    });
}

void Script::plan_user(TelegramId user) {
    users_.push_back(user);
    telegram_.open_chat(user).blocked = world_.dice.between(0, 19) == 0;
    telegram_.open_chat(user).takes_no_files = world_.dice.between(0, 7) == 0;
    const auto count = world_.dice.between(2, 9);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto at = world_.time.now() + Duration(world_.dice.between(0, acting_time.count()));
        const bool burst = world_.dice.between(0, 7) == 0;
        const auto copies = burst ? world_.dice.between(3, 8) : 1;
        for (std::int64_t copy = 0; copy < copies; ++copy) acts_.push_back(plan_act(user, at));
    }
}

Act Script::plan_act(TelegramId user, Time at) {
    auto& dice = world_.dice;
    Act act;
    act.at = at;
    act.user = user;
    const auto number = std::to_string(next_content_++);
    const auto kind = dice.between(0, 99);
    if (kind < 45) {
        const bool again =
            !acts_.empty() && acts_.back().kind == Act::Kind::text && dice.between(0, 3) == 0;
        act.kind = Act::Kind::text;
        act.content = again ? acts_.back().content
                            : "request" + number +
                                  std::string(static_cast<std::size_t>(dice.between(0, 90)), 'x');
        act.price = price_of_text(act.content.size());
    } else if (kind < 75) {
        act.kind = Act::Kind::voice;
        act.length = Duration(dice.between(300, 20'000));
        act.claimed = dice.between(0, 3) == 0 ? Duration(1000) : act.length;
        act.content = "rec" + number + "_" + std::to_string(act.length.count());
        act.price = price_of_voice(act.length);
    } else if (kind < 80) {
        act.kind = Act::Kind::silence;
        act.length = act.claimed = Duration(dice.between(300, 5'000));
        act.content = "sil" + number + "_" + std::to_string(act.length.count());
    } else if (kind < 85) {
        act.kind = Act::Kind::garbage;
        act.claimed = Duration(2000);
        act.content = "bad" + number + "_0";
    } else {
        constexpr std::array<const char*, 6> commands{"/balance", "баланс", "/help",
                                                      "/start",   "/joke",  "/privacy"};
        act.kind = Act::Kind::command;
        act.content = commands[static_cast<std::size_t>(dice.between(0, 5))];
    }
    return act;
}

std::optional<Time> Script::next() const {
    if (finished()) return std::nullopt;
    return acts_[done_].at;
}

void Script::press_buttons() {
    for (const auto& offer : telegram_.take_offers()) {
        const bool cancel = offer.data.starts_with("cancel:");
        const bool decide = offer.data.starts_with("go:");
        if ((cancel && world_.dice.between(0, 4) == 0) ||
            (decide && world_.dice.between(0, 1) == 0))
            telegram_.user_presses(offer.user, offer.message, offer.data);
    }
}

void Script::take_name(TelegramId chat) {
    // Perhaps that of the message after it, which may be a question of the bot's.
    const auto message = telegram_.open_chat(chat).next_message + world_.dice.between(0, 2);
    const auto user = users_[static_cast<std::size_t>(
        world_.dice.between(0, static_cast<std::int64_t>(users_.size()) - 1))];
    producer_.ask(user, std::to_string(chat.value()) + "_" + std::to_string(message));
}

void Script::play() {
    producer_.read_replies();
    press_buttons();
    for (; done_ < acts_.size() && acts_[done_].at <= world_.time.now(); ++done_) {
        auto& act = acts_[done_];
        if (world_.happens(world_.rates.name_taken)) take_name(act.user);
        const bool written = act.kind == Act::Kind::text || act.kind == Act::Kind::command;
        act.message = written ? telegram_.user_writes(act.user, act.content)
                              : telegram_.user_records(act.user, act.content, act.claimed);
    }
}

}  // namespace mlbilling::simulation
