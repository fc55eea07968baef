#include "worker/synthesis.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "domain/result_key.hpp"
#include "domain/silence.hpp"
#include "domain/text.hpp"
#include "worker/cache_key.hpp"
#include "worker/completion.hpp"
#include "worker/hold_worth.hpp"

namespace mlbilling {
namespace {

constexpr std::size_t shortest_part = 2;

/// A slow voice says less in the same number of bytes.
std::size_t longest_part(const WorkLimits& limits, int speed_percent) {
    const auto percent = static_cast<std::size_t>(std::clamp(speed_percent, 10, 100));
    return std::max(shortest_part, limits.longest_part * percent / 100);
}

/// The pieces in which there is anything to say, in order.
std::deque<std::string> pieces(const std::string& text, std::size_t longest) {
    std::deque<std::string> spoken;
    for (auto& piece : split_at_sentences(text, longest))
        if (has_words(piece)) spoken.push_back(std::move(piece));
    return spoken;
}

}  // namespace

Async<Verdict> Synthesis::run(std::shared_ptr<Attempt> attempt) {
    const auto& task = attempt->task;
    auto text = normalised(task.payload.data);
    const Units measured(static_cast<std::int64_t>(count_code_points(text)));
    if (!has_words(text)) co_return Failed{FailureReason::nothing_to_say, measured};
    const auto full = cost_of(task.price, measured);
    if (!full) co_return Failed{FailureReason::too_long, measured};

    auto key = cache_key(task.type, task.payload, provider_.provider());
    auto cached = co_await cache_.find(key);
    if (cached)
        co_return completion_from_cache(*attempt, measured, *full, *std::move(cached),
                                        provider_.provider());

    auto completion = completion_of_work(*attempt, measured, *full, std::move(key));
    co_return co_await voice(attempt, std::move(text), std::move(completion));
}

Async<Verdict> Synthesis::voice(std::shared_ptr<Attempt> attempt, std::string text,
                                Completion completion) {
    const auto speed = attempt->task.payload.speed_percent;
    auto waiting = pieces(text, longest_part(limits_, speed));
    // What is said twice is paid for once.
    std::map<std::string, EncodedVoice> known;
    while (!waiting.empty()) {
        auto piece = std::move(waiting.front());
        waiting.pop_front();
        Encoded encoded;
        if (const auto found = known.find(piece); found != known.end())
            encoded = found->second;
        else
            encoded = co_await voice_part(attempt, piece, completion.measured);
        if (auto* verdict = std::get_if<Verdict>(&encoded)) co_return std::move(*verdict);
        auto& voice = std::get<EncodedVoice>(encoded);
        if (voice.ogg_opus.size() < limits_.largest_voice) {
            if (std::find(waiting.begin(), waiting.end(), piece) != waiting.end())
                known.emplace(piece, voice);
            auto part = co_await keep(attempt, std::move(voice));
            completion.result.parts.push_back(std::move(part));
            continue;
        }
        const auto length = count_utf16_units(piece);
        log::info("voice cut again",
                  {{"task", attempt->task.id}, {"bytes", voice.ogg_opus.size()}});
        // Two characters that fill a voice message are no speech.
        if (length <= shortest_part) co_return TryAgain{};
        auto halves = pieces(piece, std::max(shortest_part, length / 2));
        waiting.insert(waiting.begin(), std::make_move_iterator(halves.begin()),
                       std::make_move_iterator(halves.end()));
    }
    co_return completion;
}

Async<Synthesis::Encoded> Synthesis::voice_part(std::shared_ptr<Attempt> attempt, std::string text,
                                                Units whole) {
    SynthesisRequest request;
    const auto part = static_cast<std::int64_t>(count_code_points(text));
    request.cost_limit = worth_of(attempt->task.held, credit_worth_, part, whole.value());
    request.text = std::move(text);
    request.voice = attempt->task.payload.voice;
    request.speed_percent = attempt->task.payload.speed_percent;
    auto answer = co_await provider_.synthesize(attempt, std::move(request));
    if (const auto* failure = std::get_if<ProviderFailure>(&answer)) co_return verdict_of(*failure);
    co_return co_await usable(std::move(std::get<SpokenVoice>(answer).audio));
}

Async<Synthesis::Encoded> Synthesis::usable(Audio audio) {
    const Verdict silence = Failed{FailureReason::not_spoken, std::nullopt};
    if (auto* sound = std::get_if<Sound>(&audio)) {
        if (is_silent(sound->samples, sound->sample_rate)) co_return silence;
        co_return co_await codec_.encode(std::move(*sound));
    }
    auto inspected = co_await codec_.inspect(std::move(std::get<EncodedVoice>(audio).ogg_opus));
    auto* found = std::get_if<InspectedVoice>(&inspected);
    if (found == nullptr) {
        log::warning("the provider's voice is damaged", {});
        // It is paid for; a server that makes such voices makes the next one so, too.
        TryAgain again;
        again.most = 2;
        co_return Verdict(again);
    }
    if (found->silent) co_return silence;
    co_return std::move(found->voice);
}

Async<ResultPart> Synthesis::keep(std::shared_ptr<Attempt> attempt, EncodedVoice voice) {
    const auto& task = attempt->task;
    ResultPart part{key_of_voice(task.id, task.epoch, attempt->started, attempt->written.size()),
                    voice.duration, voice.ogg_opus.size()};
    // Noted first: a put that fails may have written it all the same.
    attempt->written.push_back(part.key);
    co_await results_.put(part.key, std::move(voice.ogg_opus));
    co_return part;
}

}  // namespace mlbilling
