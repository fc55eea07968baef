#include "main/backstage.hpp"

#include <boost/json.hpp>

#include "domain/names.hpp"

namespace mlbilling {
namespace {

using Mode = RehearsalSpeech::Mode;

constexpr Names<Mode, 4> mode_names{
    {{Mode::ok, "ok"}, {Mode::fail, "fail"}, {Mode::hang, "hang"}, {Mode::silence, "silence"}}};

std::string answer(bool ok, const std::string& message) {
    return boost::json::serialize(boost::json::object{{"ok", ok}, {"message", message}});
}

}  // namespace

Async<std::string> ServiceBackstage::story(std::int64_t telegram_id) {
    co_return co_await story_.of(TelegramId(telegram_id), speech_.name(),
                                 std::string(name_of(mode_names, speech_.mode())));
}

Async<std::string> ServiceBackstage::act(std::string action, std::string argument) {
    if (action == "kill-worker") {
        const int lost = worker_.kill();
        co_return answer(true, "worker ended with " + std::to_string(lost) + " tasks in flight");
    }
    if (action == "provider") {
        const auto mode = value_of(mode_names, argument);
        if (!mode) co_return answer(false, "no such mode");
        speech_.set_mode(*mode);
        co_return answer(true, "provider: " + argument);
    }
    co_return answer(false, "no such action");
}

}  // namespace mlbilling
