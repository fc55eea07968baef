#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>

#include "cascade/speech_cascade.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/silent_metrics.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// What a scripted provider does with one call.
struct Step {
    /// Absent: success.
    std::optional<ProviderFailure> failure;
    MicroRoubles cost{};
    Duration takes{};
    /// Begun before it answers; empty: none.
    std::string operation;
};

/// A provider that does what its script says, then succeeds.
class ScriptedSpeech final : public Speech {
  public:
    ScriptedSpeech(std::string name, Clock& clock, std::vector<Voice> voices,
                   std::vector<std::string> languages)
        : name_(std::move(name)),
          clock_(clock),
          voices_(std::move(voices)),
          languages_(std::move(languages)) {}

    std::string name() const override { return name_; }
    std::vector<Voice> voices() const override { return voices_; }
    std::vector<std::string> recognised_languages() const override { return languages_; }
    bool is_demonstration() const override { return name_ == "local"; }

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override {
        spoken.push_back(request);
        deadlines.push_back(deadline);
        const auto step = next();
        co_await clock_.sleep(step.takes);
        if (step.failure) co_return *step.failure;
        co_return SpokenVoice{EncodedVoice{name_, Duration(1)}, {name_, step.cost}};
    }
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override {
        heard.push_back(request);
        deadlines.push_back(deadline);
        const auto step = next();
        if (!step.operation.empty()) co_await request.on_operation(step.operation);
        co_await clock_.sleep(step.takes);
        if (step.failure) co_return *step.failure;
        co_return Transcript{"heard by " + name_, {name_, step.cost}};
    }

    std::size_t calls() const { return deadlines.size(); }

    std::deque<Step> script;
    std::vector<SynthesisRequest> spoken;
    std::vector<RecognitionRequest> heard;
    std::vector<Duration> deadlines;

  private:
    Step next() {
        if (script.empty()) return {};
        auto step = std::move(script.front());
        script.pop_front();
        return step;
    }

    std::string name_;
    Clock& clock_;
    std::vector<Voice> voices_;
    std::vector<std::string> languages_;
};

/// Counts what the cascade notes.
class CountedFailures final : public SilentMetrics {
  public:
    void provider_called(std::string_view provider, std::string_view operation,
                         std::string_view outcome, Duration) override {
        noted.push_back(std::string(provider) + " " + std::string(operation) + " " +
                        std::string(outcome));
    }

    std::vector<std::string> noted;
};

/// `yandex` before `local`, on virtual time.
class CascadeWorld : public testing::Test {
  protected:
    using Kind = ProviderFailure::Kind;

    static Step failing(Kind kind, std::int64_t cost = 0) {
        return {.failure = ProviderFailure{kind, "told to", MicroRoubles(cost)},
                .cost = {},
                .takes = {},
                .operation = {}};
    }
    static MicroRoubles spent_on(const Provided<SpokenVoice>& answer) {
        const auto* failure = std::get_if<ProviderFailure>(&answer);
        return failure == nullptr ? std::get<SpokenVoice>(answer).bill.cost : failure->cost;
    }
    /// Who served, or how it failed.
    template <class Answer>
    static std::string outcome(const Provided<Answer>& answer) {
        const auto* failure = std::get_if<ProviderFailure>(&answer);
        if (failure != nullptr) return std::string(to_string(failure->kind));
        return std::get<Answer>(answer).bill.provider;
    }
    /// Runs it with all the time that it takes.
    template <class Answer>
    Provided<Answer> finish(Async<Provided<Answer>> call) {
        std::optional<Provided<Answer>> answer;
        boost::asio::co_spawn(loop, keep(answer, std::move(call)),
                              [](std::exception_ptr error) { EXPECT_FALSE(error); });
        while (!answer && clock.step(Time::max())) {
        }
        EXPECT_TRUE(answer);
        return answer ? *std::move(answer) : ProviderFailure{};
    }
    Provided<SpokenVoice> speak(std::string voice = "marina",
                                std::optional<MicroRoubles> limit = std::nullopt) {
        return finish(cascade->synthesize({.text = "a text",
                                           .voice = std::move(voice),
                                           .speed_percent = 100,
                                           .cost_limit = limit},
                                          Duration(30'000)));
    }
    Provided<Transcript> hear(std::string operation = {}, std::string language = "ru") {
        RecognitionRequest request;
        request.language = std::move(language);
        request.operation = std::move(operation);
        request.on_operation = [this](std::string begun) { return record(std::move(begun)); };
        return finish(cascade->recognize(std::move(request), Duration(60'000)));
    }
    Async<void> record(std::string operation) {
        operations.push_back(std::move(operation));
        co_return;
    }
    void build(CascadeMember second) {
        cascade = std::make_unique<SpeechCascade>(
            SpeechCascade::Ports{clock, random, metrics},
            std::vector{CascadeMember{&yandex, {}, {}}, std::move(second)},
            CircuitBreaker::Options{
                .failures = 3, .rest = Duration(10'000), .longest_rest = Duration(60'000)});
    }
    void SetUp() override { build({&local, {}, {}}); }

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    SeededRandom random{9};
    CountedFailures metrics;
    ScriptedSpeech yandex{
        "yandex", clock, {{"marina", "Marina", "ru"}, {"amira", "Amira", "kk"}}, {"ru", "kk"}};
    ScriptedSpeech local{
        "local", clock, {{"espeak-ru", "Espeak", "ru"}, {"slt", "Slt", "en"}}, {"en", "ru"}};
    std::unique_ptr<SpeechCascade> cascade;
    std::vector<std::string> operations;
};

}  // namespace mlbilling::test
