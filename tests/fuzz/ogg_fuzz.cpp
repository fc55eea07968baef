// Ogg pages, and the Opus streams within them: what can be told of a recording before it is
// decoded.
#include "adapters/audio/ogg_page.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

namespace {

/// The same file with checksums that are right, so that what lies behind them is reached.
std::string with_right_checksums(std::string_view file) {
    std::string mended;
    while (file.size() > 27) {
        audio::OggPage page;
        const auto segments = static_cast<std::uint8_t>(file[26]);
        if (file.size() < 27U + segments) break;
        std::size_t body = 0;
        for (std::size_t i = 0; i < segments; ++i) {
            const auto length = static_cast<std::uint8_t>(file[27 + i]);
            page.lacing.push_back(length);
            body += length;
        }
        if (file.size() < 27 + segments + body) break;
        const auto flags = static_cast<std::uint8_t>(file[5]);
        page.continues = (flags & 1U) != 0;
        page.first_of_stream = (flags & 2U) != 0;
        page.last_of_stream = (flags & 4U) != 0;
        for (int i = 7; i >= 0; --i)
            page.granule_position = static_cast<std::int64_t>(
                (static_cast<std::uint64_t>(page.granule_position) << 8U) |
                static_cast<std::uint8_t>(file[6 + static_cast<std::size_t>(i)]));
        page.serial = static_cast<std::uint8_t>(file[14]);
        page.sequence = static_cast<std::uint8_t>(file[18]);
        page.body = file.substr(27 + segments, body);
        audio::append_page(mended, page);
        file.remove_prefix(27 + segments + body);
    }
    return mended;
}

void read_file(std::string_view file) {
    auto rest = file;
    while (const auto page = audio::take_page(rest)) CHECK(page->body.size() <= file.size());
    const auto streams = audio::opus_streams(file);
    if (!streams) return;
    for (const auto& stream : *streams) {
        CHECK(stream.head.channels == 1 || stream.head.channels == 2);
        for (const auto packet : stream.packets) static_cast<void>(audio::packet_length(packet));
        if (stream.played() >= 0) static_cast<void>(audio::duration_of(stream.played()));
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::bytes_of(data, size);
    read_file(file);
    read_file(with_right_checksums(file));
    return 0;
}
