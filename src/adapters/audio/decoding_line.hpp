#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/work_threads/work_threads.hpp"
#include "base/unavailable.hpp"
#include "ports/memory_budget.hpp"

namespace mlbilling::audio {

/// What nearly every recording is shorter than.
constexpr Duration short_recording{300'000};

/// Where recordings wait for their decoding: one of each owner at a time, so that nobody's many
/// keep those of others waiting, and no more of their sound at once than there is memory for. Short
/// ones and longer ones have threads and memory apart: nobody's voice message waits for hours of
/// somebody else's. Used and destroyed on the loop's thread.
class DecodingLine {
  public:
    struct Options {
        int threads = 2;
        /// Bytes of the sound of short recordings at once, and of longer ones.
        std::size_t short_sounds = 0;
        std::size_t long_sounds = 0;
        /// For which a recording waits.
        Duration longest_wait{};
    };
    /// An owner's turn, given back on whatever thread.
    using Turn = std::shared_ptr<MemoryBudget::Share>;
    using Memory = std::shared_ptr<MemoryBudget::Share>;

    explicit DecodingLine(const Options& options)
        : options_(options),
          short_sounds_(options.short_sounds),
          long_sounds_(options.long_sounds),
          short_threads_(options.threads),
          long_threads_(1) {}

    /// Waits until no other recording of the owner's is being decoded. Throws Unavailable when that
    /// takes too long.
    Async<Turn> take_turn(std::string owner);
    /// Waits until there is memory for so many bytes of a recording of up to that length. Throws
    /// Unavailable when that takes too long.
    Async<Memory> reserve(Duration recording, std::size_t bytes);

    /// Runs the work on a thread for recordings of that length; throws Unavailable when it is not
    /// done in time.
    template <class Result>
    Async<Result> run(Duration recording, std::function<Result(const work_threads::Stop&)> work) {
        auto& threads = recording <= short_recording ? short_threads_ : long_threads_;
        auto result = co_await threads.run(std::move(work), time_for(recording));
        if (!result) throw Unavailable("audio decoding was not done in time");
        co_return std::move(*result);
    }

    /// Generous: a loaded machine decodes 100 times and encodes 20 times faster than real time, but
    /// a call may wait for others.
    static Duration time_for(Duration sound) { return Duration(60'000) + sound / 4; }

  private:
    // The budgets outlive their calls.
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
    Async<Memory> share_of(MemoryBudget& budget, std::size_t bytes, std::string too_late);

    Options options_;
    MemoryBudget short_sounds_;
    MemoryBudget long_sounds_;
    /// One turn each; those of owners who wait for nothing are dropped at the next.
    std::map<std::string, std::shared_ptr<MemoryBudget>> turns_;
    // Last: what runs on them uses the rest.
    work_threads::WorkThreads short_threads_;
    work_threads::WorkThreads long_threads_;
};

}  // namespace mlbilling::audio
