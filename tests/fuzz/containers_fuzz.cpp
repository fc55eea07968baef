// What a file is by its first bytes: the demuxers that it may lead to are those that are known to
// be self-contained.
#include <algorithm>
#include <array>

#include "adapters/audio/container.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

namespace {

/// Demuxers by which a file can name others.
constexpr std::array<std::string_view, 7> leading_elsewhere{"hls",    "dash", "concat", "sdp",
                                                            "image2", "imf",  "rtsp"};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto container = audio::container_of(fuzz::bytes_of(data, size));
    for (const auto forbidden : leading_elsewhere) CHECK(container.demuxer != forbidden);
    return 0;
}
