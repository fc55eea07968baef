#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Bytes of the largest blob: a voice message of 1 MB, above which Telegram draws no waveform
/// (telegram.md 1.4), and a little room.
constexpr std::size_t largest_result = std::size_t{1} << 20;

/// Where result audio lies until it is delivered and for a while after. What a machine's crash
/// takes from it is noticed by its length and paid back. Throws Unavailable.
///
/// Blobs go in and out whole, and are never streamed. All of them are voice messages: a long text
/// comes back as many of them, and transcripts, which may be longer, are rows of the database. The
/// codec makes each in one piece and the Bot API takes it in one piece, so that a stream would
/// begin and end in a string of the same size. What bounds the memory of a transfer is that no
/// blob is larger than largest_result.
class ResultStore {
  public:
    virtual ~ResultStore() = default;

    /// Writes the whole blob or nothing; the same key again replaces it. More than largest_result
    /// is a broken promise.
    virtual Async<void> put(ResultKey key, std::string bytes) = 0;
    /// Nothing when there is no such blob (any more).
    virtual Async<std::optional<std::string>> get(ResultKey key) = 0;
    virtual Async<void> remove(ResultKey key) = 0;
    /// Removes blobs written before the moment; says how many.
    virtual Async<int> remove_older_than(Time moment) = 0;
};

}  // namespace mlbilling
