#pragma once

#include <chrono>
#include <cstddef>

namespace mlbilling::postgres {

/// How long a batch waits for company. A statement costs the server 50 to 100 µs before its first
/// row, and a commit that need not reach the disk is back so soon that under load, too, the next
/// batch would be one row. So under load batches begin `gap` after one another; otherwise at once,
/// so that an operation alone is never delayed. On the loop only.
class Pace {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    using Span = std::chrono::steady_clock::duration;

    /// Load: operations come, on the average of the last dozen, closer together than `close`, which
    /// is less than half of the gap.
    Pace(Span gap, Span close) : gap_(gap), close_(close), mean_(close * 2) {}

    /// An operation has come.
    void arrived(Moment now);
    /// When the next batch may begin: now, or a moment within the gap.
    Moment next(Moment now);
    /// It begins, with so many operations. Who waited and is alone ends the load: operations that
    /// come one after the other gain nothing by it.
    void begun(Moment now, std::size_t size);

  private:
    void end_load() { mean_ = close_ * 2; }

    Span gap_;
    Span close_;
    /// Between two operations. A rest of a gap and more ends a load.
    Span mean_;
    Moment arrived_{};
    Moment begun_{};
    bool waits_ = false;
};

}  // namespace mlbilling::postgres
