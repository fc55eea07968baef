#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::bench {

/// Voice messages of 3 to 15 s as an app records them: mono Opus of 24 kbit/s in packets of 20 ms,
/// something like speech with pauses. Each number has a recording of its own, cut out of one that
/// is encoded at the beginning, so that to make one costs next to nothing.
class ScriptedVoices {
  public:
    ScriptedVoices();

    static Duration length_of(std::int64_t number);
    std::string file_of(std::int64_t number) const;
    /// The stand-in's fingerprint of the recording.
    std::string fingerprint_of(std::int64_t number) const;

  private:
    struct Cut {
        std::size_t begin = 0;
        std::size_t count = 0;
    };
    Cut cut_of(std::int64_t number) const;

    std::string head_;
    std::string tags_;
    std::int64_t pre_skip_ = 0;
    std::vector<std::string> packets_;
    std::vector<std::uint64_t> hashes_;
};

}  // namespace mlbilling::bench
