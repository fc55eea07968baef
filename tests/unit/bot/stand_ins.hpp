#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unavailable.hpp"
#include "ports/audio.hpp"
#include "ports/broker.hpp"
#include "ports/event.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "support/silent_metrics.hpp"

namespace mlbilling::test {

/// A broker with one reader, whose queues never fill up.
class MemoryBroker final : public Broker {
  public:
    std::vector<std::pair<QueueName, Message>> published;
    std::vector<std::uint64_t> acknowledged;
    std::vector<std::string> rejected;
    std::vector<QueueName> declared;
    bool down = false;

    void reply(std::string correlation_id) {
        Message message;
        message.correlation_id = std::move(correlation_id);
        waiting_.push_back({std::move(message), ++last_receipt_, false});
        arrived_.set();
    }
    /// Ends the current receive with Unavailable.
    void break_connection() {
        broken_ = true;
        arrived_.set();
    }

    Async<void> declare(QueueName queue) override {
        fail_if_down();
        declared.push_back(queue);
        co_return;
    }
    Async<Published> publish(QueueName queue, Message message) override {
        fail_if_down();
        published.emplace_back(std::move(queue), std::move(message));
        co_return Published::confirmed;
    }
    Async<int> room() override { co_return 100; }
    Async<ReceivedMessage> receive(QueueName) override {
        while (waiting_.empty() && !broken_) {
            arrived_.reset();
            co_await arrived_.wait();
        }
        if (std::exchange(broken_, false)) throw Unavailable("scripted broker");
        auto message = std::move(waiting_.front());
        waiting_.pop_front();
        co_return message;
    }
    Async<void> acknowledge(std::uint64_t receipt) override {
        acknowledged.push_back(receipt);
        co_return;
    }
    Async<void> return_to_queue(std::uint64_t) override { co_return; }
    Async<void> reject(std::uint64_t, std::string reason) override {
        rejected.push_back(std::move(reason));
        co_return;
    }

  private:
    void fail_if_down() const {
        if (down) throw Unavailable("scripted broker");
    }

    std::deque<ReceivedMessage> waiting_;
    Event arrived_;
    bool broken_ = false;
    std::uint64_t last_receipt_ = 0;
};

/// A blob whose store is gone by the time it is read.
class UnreadableBlob final : public ByteSource {
  public:
    std::size_t size() const override { return 5; }
    Async<std::string> read() override { throw Unavailable("scripted results"); }
};

class MemoryResults final : public ResultStore {
  public:
    std::map<ResultKey, std::string> blobs;
    int failing = 0;
    /// How many blobs open but cannot be read.
    int breaking = 0;

    Async<void> put(ResultKey key, std::string bytes) override {
        blobs[key] = std::move(bytes);
        co_return;
    }
    Async<std::unique_ptr<ByteSource>> open(ResultKey key) override {
        if (failing > 0) {
            --failing;
            throw Unavailable("scripted results");
        }
        const auto found = blobs.find(key);
        if (found == blobs.end()) co_return nullptr;
        if (breaking > 0) {
            --breaking;
            co_return std::make_unique<UnreadableBlob>();
        }
        co_return std::make_unique<HeldBytes>(found->second);
    }
    Async<std::optional<std::size_t>> size_of(ResultKey key) override {
        const auto found = blobs.find(key);
        co_return found == blobs.end() ? std::nullopt : std::optional(found->second.size());
    }
    Async<void> remove(ResultKey key) override {
        blobs.erase(key);
        co_return;
    }
    Async<int> remove_older_than(Time) override { co_return 0; }
};

class StandInSpeech final : public Speech {
  public:
    std::vector<Voice> voice_list = {
        {"anna", "Anna", "ru"}, {"slt", "Slt", "en"}, {"rms", "Rms", "en"}};
    std::vector<std::string> languages = {"en"};
    bool demonstration = true;
    std::vector<SynthesisRequest> synthesized;
    bool broken = false;

    std::string name() const override { return "local"; }
    std::vector<Voice> voices() const override { return voice_list; }
    std::vector<std::string> recognised_languages() const override { return languages; }
    bool is_demonstration() const override { return demonstration; }

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration) override {
        synthesized.push_back(std::move(request));
        if (broken) co_return ProviderFailure{ProviderFailure::Kind::down, "scripted"};
        co_return SpokenVoice{Sound{16'000, std::vector<std::int16_t>(16'000)}, {name(), {}}};
    }
    Async<Provided<Transcript>> recognize(RecognitionRequest, Duration) override {
        co_return Transcript{};
    }
};

class StandInCodec final : public AudioCodec {
  public:
    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string, Duration) override {
        co_return UnusableAudio::not_audio;
    }
    Async<std::variant<Recording, UnusableRecording>> examine(Examination) override {
        co_return UnusableRecording{UnusableAudio::not_audio, {}};
    }
    Async<EncodedVoice> encode(SharedSound sound) override {
        co_return EncodedVoice{"OggS", sound.duration()};
    }
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string) override {
        co_return UnusableAudio::damaged;
    }
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string>) override {
        co_return UnusableAudio::damaged;
    }
};

class CountingMetrics final : public SilentMetrics {
  public:
    std::vector<Time> polls;
    int duplicates = 0;
    int ambiguous = 0;
    /// Reason and outcome of each.
    std::vector<std::string> refused;

    void duplicate_dropped(std::string_view) override { ++duplicates; }
    void delivery_ambiguous() override { ++ambiguous; }
    void delivery_refused(std::string_view reason, std::string_view outcome) override {
        refused.push_back(std::string(reason) + " " + std::string(outcome));
    }
    void polled(Time at) override { polls.push_back(at); }
};

}  // namespace mlbilling::test
