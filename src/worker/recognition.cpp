#include "worker/recognition.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "domain/pricing.hpp"
#include "domain/silence.hpp"
#include "domain/text.hpp"
#include "domain/transcript.hpp"
#include "ports/deadline.hpp"
#include "ports/until.hpp"
#include "worker/cache_key.hpp"
#include "worker/completion.hpp"
#include "worker/hold_worth.hpp"

namespace mlbilling {
namespace {

using telegram::Failure;

constexpr Duration longest_wait_for_room{600'000};

Verdict verdict_of_download(const telegram::Error& error) {
    switch (error.failure) {
        case Failure::too_large: return Failed{FailureReason::too_large, std::nullopt};
        case Failure::file_unavailable:
        case Failure::bad_request:
        case Failure::forbidden:
        case Failure::chat_not_found: return Failed{FailureReason::file_unavailable, std::nullopt};
        default:
            return TryAgain{FailureReason::file_unavailable, error.retry_after,
                            /*provider_failed=*/false};
    }
}

/// Whether the transcript is what recognisers write down where nobody speaks.
Async<bool> is_made_of_silence(std::string text, RecordedSound heard) {
    if (is_only_remarks(text)) co_return true;
    if (!is_invented_for_silence(text)) co_return false;
    const auto sound = co_await heard.samples();
    co_return is_nearly_silent(sound.samples(), sound.sample_rate());
}

FailureReason reason_of(UnusableAudio why) {
    switch (why) {
        case UnusableAudio::not_audio: return FailureReason::not_audio;
        case UnusableAudio::too_long: return FailureReason::too_long;
        case UnusableAudio::damaged: return FailureReason::damaged_audio;
    }
    return FailureReason::not_audio;
}

}  // namespace

Async<Verdict> Recognition::run(std::shared_ptr<Attempt> attempt) {
    const auto& task = attempt->task;
    auto key = cache_key(task.type, task.payload, provider_.provider());
    auto cached = co_await cache_.find(key);
    // A known recording need not be fetched.
    if (cached && cached->measured) {
        const auto known = *cached->measured;
        co_return co_await repeat(attempt, known, *std::move(cached));
    }
    MemoryBudget::Share room;
    auto fetched = co_await fetch(attempt, &room);
    if (auto* verdict = std::get_if<Verdict>(&fetched)) co_return std::move(*verdict);
    auto examined =
        co_await examine(attempt, std::get<std::string>(std::move(fetched)), cached.has_value());
    if (auto* verdict = std::get_if<Verdict>(&examined)) co_return std::move(*verdict);
    auto& recording = std::get<Recording>(examined);
    const Units measured(recording.sound.duration().count());
    log::info("recording measured", {{"task", task.id}, {"ms", measured.value()}});
    if (cached) co_return co_await repeat(attempt, measured, *std::move(cached));

    const auto full = cost_of(task.price, measured);
    if (!full) co_return Failed{FailureReason::too_long, measured};
    auto refused = co_await hold(attempt, measured, *full);
    if (refused) co_return *std::move(refused);
    // What is held for pays for listening, too: hours of silence are decoded to their end.
    if (co_await recording.sound.is_silent()) co_return Failed{FailureReason::silence, measured};

    auto completion = completion_of_work(*attempt, measured, *full, std::move(key));
    co_return co_await recognize(attempt, std::move(recording), std::move(completion));
}

Async<Verdict> Recognition::repeat(std::shared_ptr<Attempt> attempt, Units measured,
                                   TaskResult result) {
    const auto& task = attempt->task;
    const auto full = cost_of(task.price, measured);
    if (!full) co_return Failed{FailureReason::too_long, measured};
    const auto price = cached_cost(task.price, *full);
    if (price > task.held) {
        auto refused = co_await hold(attempt, measured, price);
        if (refused) co_return *std::move(refused);
    }
    result.measured = measured;
    co_return completion_from_cache(*attempt, measured, *full, std::move(result),
                                    provider_.provider());
}

Async<Recognition::Fetched> Recognition::fetch(std::shared_ptr<Attempt> attempt,
                                               MemoryBudget::Share* room) {
    auto reserved =
        co_await within(clock_, longest_wait_for_room, files_.reserve(limits_.largest_file));
    if (!reserved) throw Unavailable("the files of other recordings left no memory for too long");
    *room = *std::move(reserved);
    auto file = co_await telegram_.download(attempt->task.payload.data, limits_.largest_file);
    if (!file) {
        log::warning("file not fetched",
                     {{"task", attempt->task.id}, {"reason", file.error().description}});
        co_return verdict_of_download(file.error());
    }
    // The codec keeps one while the provider is given another.
    room->shrink_to(2 * file->size());
    co_return *std::move(file);
}

Async<Recognition::Examined> Recognition::examine(std::shared_ptr<Attempt> attempt,
                                                  std::string file, bool paid_in_part) {
    Examination request;
    request.bytes = std::move(file);
    request.longest = limits_.longest_recording;
    request.owner = std::to_string(attempt->task.telegram.value());
    if (!paid_in_part) request.worth_decoding = [this, attempt] { return payable(attempt); };
    auto examined = co_await codec_.examine(std::move(request));
    if (auto* recording = std::get_if<Recording>(&examined)) co_return std::move(*recording);
    const auto& unusable = std::get<UnusableRecording>(examined);
    // How much longer, and so what it would cost, nobody has found out.
    const bool too_dear =
        unusable.why == UnusableAudio::too_long && unusable.limit < limits_.longest_recording;
    const auto reason = too_dear ? FailureReason::insufficient_credits : reason_of(unusable.why);
    co_return Verdict(Failed{reason, std::nullopt});
}

Async<Duration> Recognition::payable(std::shared_ptr<Attempt> attempt) {
    const auto& task = attempt->task;
    auto credits = task.held;
    if (const auto profile = co_await users_.profile(task.telegram))
        credits = credits + profile->account.available();
    const auto units = max_units(task.price, credits);
    co_return units ? Duration(units->value()) : limits_.longest_recording;
}

Async<std::optional<Verdict>> Recognition::hold(std::shared_ptr<Attempt> attempt, Units measured,
                                                Credits price) {
    auto& task = attempt->task;
    if (price == task.held) co_return std::nullopt;
    // Only our bot can ask; another producer's user has agreed to the producer.
    const bool can_ask = task.place.has_value() && ask_above_.has_value();
    if (can_ask && price > task.held && price > *ask_above_)
        co_return Failed{FailureReason::price_above_limit, measured};
    const auto adjusted = co_await store_.adjust_hold(task.id, task.epoch, measured, price);
    if (std::holds_alternative<Fenced>(adjusted)) co_return Lost{};
    if (std::holds_alternative<Insufficient>(adjusted))
        co_return Failed{FailureReason::insufficient_credits, measured};
    log::info("hold adjusted",
              {{"task", task.id}, {"from", task.held.value()}, {"to", price.value()}});
    task.held = price;
    co_return std::nullopt;
}

Async<Verdict> Recognition::recognize(std::shared_ptr<Attempt> attempt, Recording recording,
                                      Completion completion) {
    RecognitionRequest request;
    const auto heard = recording.sound;
    request.sound = std::move(recording.sound);
    request.ogg_opus = std::move(recording.ogg_opus);
    request.language = attempt->task.payload.spoken_language;
    request.operation = attempt->operation;
    request.cost_limit = worth_of(attempt->task.held, credit_worth_, 1, 1);
    // Whoever holds the newer lease polls or begins an operation of its own.
    Event lost;
    request.on_operation = [this, attempt, lost](std::string operation) {
        return record_operation(attempt, std::move(operation), lost);
    };
    auto answered = co_await until(lost, provider_.recognize(attempt, std::move(request)));
    if (!answered) co_return Lost{};
    auto& answer = *answered;
    if (const auto* failure = std::get_if<ProviderFailure>(&answer)) co_return verdict_of(*failure);
    completion.result.text = normalised(std::get<Transcript>(answer).text);
    completion.result.measured = completion.measured;
    const bool nothing_said = co_await is_made_of_silence(completion.result.text, heard);
    if (nothing_said) co_return Failed{FailureReason::silence, completion.measured};
    co_return completion;
}

Async<void> Recognition::record_operation(std::shared_ptr<Attempt> attempt, std::string operation,
                                          Event lost) {
    const auto& task = attempt->task;
    log::info("operation begun", {{"task", task.id}, {"operation", operation}});
    const bool ours = co_await store_.record_operation(task.id, task.epoch, std::move(operation));
    if (!ours) lost.set();
}

}  // namespace mlbilling
