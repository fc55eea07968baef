#include "adapters/openai/openai_speech.hpp"

#include "adapters/openai/voice_table.hpp"
#include "base/check.hpp"
#include "ports/deadline.hpp"

namespace mlbilling::openai {
namespace {

/// What the HTTP call gets beyond the deadline, so that the deadline is what ends it.
constexpr Duration grace{1'000};

/// The call was cut off: what was under way is paid for all the same, and the server may be at it
/// for as long again.
ProviderFailure late(MicroRoubles cost, Duration deadline) {
    ProviderFailure failure{ProviderFailure::Kind::busy, "no answer by the deadline", cost};
    failure.late = true;
    failure.retry_after = deadline;
    return failure;
}

bool is_openais(std::string_view base_url) {
    const auto begin = base_url.find("://");
    if (begin == std::string_view::npos) return false;
    auto host = base_url.substr(begin + 3);
    host = host.substr(0, host.find_first_of("/:"));
    return host == "openai.com" || host.ends_with(".openai.com");
}

}  // namespace

TimeLimits default_time_limits(std::string_view base_url) {
    if (is_openais(base_url)) return {};
    return {Duration(300'000), Duration(300'000)};
}

OpenAiSpeech::OpenAiSpeech(boost::asio::any_io_executor executor, AudioCodec& codec, Clock& clock,
                           Options options)
    : clock_(clock),
      options_(std::move(options)),
      server_(std::move(executor), clock_, options_),
      synthesis_(server_, codec, options_),
      recognition_(server_, codec, options_) {
    CHECK(!options_.voices.empty());
}

std::vector<Voice> OpenAiSpeech::voices() const {
    std::vector<Voice> voices;
    for (const auto& named : options_.voices) voices.push_back(named.voice);
    return voices;
}

std::vector<std::string> OpenAiSpeech::recognised_languages() const {
    return openai::recognised_languages();
}

MicroRoubles OpenAiSpeech::cost_of(const SynthesisRequest& request) const {
    return synthesis_.cost_of(request.text);
}

MicroRoubles OpenAiSpeech::cost_of(const RecognitionRequest& request) const {
    return recognition_.cost_of(request.sound.duration());
}

Async<Provided<SpokenVoice>> OpenAiSpeech::synthesize(SynthesisRequest request, Duration deadline) {
    if (deadline <= Duration(0)) co_return late({}, Duration(0));
    const auto cost = cost_of(request);
    auto answer =
        co_await within(clock_, deadline, synthesis_.run(std::move(request), deadline + grace));
    if (!answer) co_return late(cost, deadline);
    co_return *std::move(answer);
}

Async<Provided<Transcript>> OpenAiSpeech::recognize(RecognitionRequest request, Duration deadline) {
    if (deadline <= Duration(0)) co_return late({}, Duration(0));
    const auto cost = cost_of(request);
    auto answer =
        co_await within(clock_, deadline, recognition_.run(std::move(request), deadline + grace));
    if (!answer) co_return late(cost, deadline);
    co_return *std::move(answer);
}

}  // namespace mlbilling::openai
