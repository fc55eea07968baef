#pragma once

#include <memory>
#include <mutex>
#include <vector>

struct OpusDecoder;

namespace mlbilling::audio {

/// Mono decoders that are used again and again: to make one takes longer than to decode the first
/// packets of a voice. May be used from several threads; outlives what it has lent.
class OpusDecoders {
  public:
    explicit OpusDecoders(int rate) : rate_(rate) {}

    struct GiveBack {
        OpusDecoders* home;
        void operator()(OpusDecoder* decoder) const;
    };
    using Lent = std::unique_ptr<OpusDecoder, GiveBack>;

    int rate() const { return rate_; }
    /// One that has heard nothing yet; none when there is no memory for it.
    Lent lend();

  private:
    struct Destroy {
        void operator()(OpusDecoder* decoder) const;
    };
    using Owned = std::unique_ptr<OpusDecoder, Destroy>;

    int rate_;
    std::mutex mutex_;
    std::vector<Owned> idle_;
};

}  // namespace mlbilling::audio
