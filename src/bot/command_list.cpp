#include "bot/command_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "bot/command.hpp"
#include "bot/waiting.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

struct Listing {
    Language language;
    /// What Telegram calls it; empty for everybody whose language has no list.
    const char* code;
};
constexpr Listing listings[] = {{Language::english, ""}, {Language::russian, "ru"}};

std::vector<telegram::BotCommand> commands_in(Language language) {
    std::vector<telegram::BotCommand> list;
    for (const auto& command : all_commands())
        list.push_back({std::string(command.name), render(language, command.description)});
    return list;
}

}  // namespace

// Ports outlive the loop.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<void> publish_commands(telegram::Api& telegram, Clock& clock, Event stop) {
    Duration wait{5'000};
    constexpr Duration longest_wait{600'000};
    for (const auto& listing : listings) {
        while (!stop.is_set()) {
            auto outcome = co_await unless_set(
                stop, telegram.set_my_commands(commands_in(listing.language), listing.code));
            if (!outcome || outcome->ok()) break;
            log::warning("the menu of commands is not set",
                         {{"error", outcome->error().description}});
            co_await stop.wait_within(clock, std::max(wait, outcome->error().retry_after));
            wait = std::min(wait * 2, longest_wait);
        }
    }
}

}  // namespace mlbilling::bot
