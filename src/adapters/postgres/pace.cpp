#include "adapters/postgres/pace.hpp"

namespace mlbilling::postgres {
namespace {

/// Of the newest span in the mean.
constexpr int weight = 8;

}  // namespace

void Pace::arrived(Moment now) {
    const auto span = now - arrived_;
    arrived_ = now;
    if (span >= gap_)
        end_load();
    else
        mean_ += (span - mean_) / weight;
}

Pace::Moment Pace::next(Moment now) {
    waits_ = mean_ < close_ && begun_ + gap_ > now;
    return waits_ ? begun_ + gap_ : now;
}

void Pace::begun(Moment now, std::size_t size) {
    if (waits_ && size == 1) end_load();
    begun_ = now;
}

}  // namespace mlbilling::postgres
