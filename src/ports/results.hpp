#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"
#include "ports/byte_source.hpp"

namespace mlbilling {

/// Bytes of the largest blob: a voice message of 1 MB, above which Telegram draws no waveform
/// (telegram.md 1.4), and a little room.
constexpr std::size_t largest_result = std::size_t{1} << 20;

/// Where result audio lies until it is delivered and for a while after. What a machine's crash
/// takes from it is noticed by its length and paid back. Throws Unavailable.
///
/// A blob comes out in pieces, which go to the user while they are read. It goes in from where the
/// codec has made it, in one string: a voice message cannot be cut off in the middle.
class ResultStore {
  public:
    virtual ~ResultStore() = default;

    /// Writes the whole blob or nothing; the same key again replaces it. More than largest_result
    /// is a broken promise.
    virtual Async<void> put(ResultKey key, std::string bytes) = 0;
    /// The blob, opened; null when there is none (any more). The source may be destroyed at any
    /// time, and must not outlive the store.
    virtual Async<std::unique_ptr<ByteSource>> open(ResultKey key) = 0;
    /// Bytes of the blob; nothing when there is none (any more).
    virtual Async<std::optional<std::size_t>> size_of(ResultKey key) = 0;
    virtual Async<void> remove(ResultKey key) = 0;
    /// Removes blobs written before the moment; says how many.
    virtual Async<int> remove_older_than(Time moment) = 0;
};

}  // namespace mlbilling
