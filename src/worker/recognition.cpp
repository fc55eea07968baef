#include "worker/recognition.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"
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

bool nearly_silent(const SharedSound& sound) {
    return is_nearly_silent(sound.samples(), sound.sample_rate());
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
    auto& audio = std::get<DecodedAudio>(fetched);
    const auto& sound = audio.sound;
    const Units measured(sound.duration().count());
    const auto full = cost_of(task.price, measured);
    log::info("recording measured", {{"task", task.id}, {"ms", measured.value()}});
    if (!full) co_return Failed{FailureReason::too_long, measured};
    if (is_silent(sound.samples(), sound.sample_rate()))
        co_return Failed{FailureReason::silence, measured};

    if (cached) co_return co_await repeat(attempt, measured, *std::move(cached));
    auto refused = co_await hold(attempt, measured, *full);
    if (refused) co_return *std::move(refused);

    auto completion = completion_of_work(*attempt, measured, *full, std::move(key));
    co_return co_await recognize(attempt, std::move(audio), std::move(completion));
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
    room->shrink_to(file->size());
    auto decoded = co_await codec_.decode(*std::move(file), limits_.longest_recording);
    if (const auto* why = std::get_if<UnusableAudio>(&decoded))
        co_return Verdict(Failed{reason_of(*why), std::nullopt});
    co_return std::get<DecodedAudio>(std::move(decoded));
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

Async<Verdict> Recognition::recognize(std::shared_ptr<Attempt> attempt, DecodedAudio audio,
                                      Completion completion) {
    RecognitionRequest request;
    const auto heard = audio.sound;
    request.sound = std::move(audio.sound);
    request.ogg_opus = std::move(audio.ogg_opus);
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
    const auto& text = completion.result.text;
    if (is_only_remarks(text) || (is_invented_for_silence(text) && nearly_silent(heard)))
        co_return Failed{FailureReason::silence, completion.measured};
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
