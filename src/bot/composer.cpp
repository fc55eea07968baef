#include "bot/composer.hpp"

#include <algorithm>
#include <utility>

#include "bot/engine.hpp"
#include "bot/history.hpp"
#include "bot/notice_text.hpp"
#include "bot/result_answer.hpp"

namespace mlbilling::bot {
namespace {

/// What a banned user does not get. Their credits and what is kept of them stay theirs to read.
bool is_service(Notice::Kind kind) {
    using Kind = Notice::Kind;
    switch (kind) {
        case Kind::welcome:
        case Kind::help:
        case Kind::voice_menu:
        case Kind::settings_menu:
        case Kind::settings_changed: return true;
        default: return false;
    }
}

}  // namespace

Async<Answer> Composer::compose(ClaimedDelivery delivery) {
    using Kind = Notice::Kind;
    const auto kind = delivery.notice.kind;
    const bool is_result = kind == Kind::task_result || kind == Kind::result_again;
    if (is_result && delivery.task) co_return result_answer(delivery, describe(speech_));
    if (delivery.profile.role == Role::banned && is_service(kind)) {
        delivery.notice = {Kind::banned, {}};
        co_return Answer{notice_text(delivery, describe(speech_))};
    }
    if (kind == Kind::welcome || kind == Kind::help || kind == Kind::balance)
        co_return Answer{co_await with_prices(std::move(delivery))};
    if (kind == Kind::history) co_return Answer{co_await history(std::move(delivery))};
    const auto engine = describe(speech_);
    if (kind == Kind::voice_menu) {
        const auto sample =
            std::ranges::find(engine.voices, word(delivery.notice, "sample"), &Voice::id);
        if (sample != engine.voices.end()) co_return Answer{SamplePart{*sample}};
    }
    co_return Answer{notice_text(delivery, engine)};
}

Async<std::optional<TaskRecord>> Composer::task_of(ClaimedDelivery delivery) {
    if (delivery.notice.kind != Notice::Kind::result_again) co_return delivery.task;
    auto task = co_await intake_.find_task(TaskId(word(delivery.notice, "task")));
    // The name comes from a button, whose data anybody can make up.
    const bool theirs =
        task && task->telegram == delivery.profile.telegram && is_final(task->status);
    if (!theirs) co_return std::nullopt;
    co_return task;
}

Async<TextPart> Composer::with_prices(ClaimedDelivery delivery) {
    const auto prices = co_await intake_.current_prices();
    const auto engine = describe(speech_);
    const auto language = delivery.profile.settings.language;
    switch (delivery.notice.kind) {
        case Notice::Kind::welcome: co_return welcome_text(delivery, engine, prices);
        case Notice::Kind::balance:
            co_return balance_text(language, delivery.profile.account, prices);
        default: co_return help_text(language, engine, prices);
    }
}

Async<TextPart> Composer::history(ClaimedDelivery delivery) {
    const auto lines = co_await intake_.history(delivery.profile.telegram,
                                                figure(delivery.notice, "before"), history_page);
    co_return history_text(delivery.profile.settings.language, lines);
}

}  // namespace mlbilling::bot
