#include "adapters/audio/opus_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/audio/ogg_page.hpp"

namespace mlbilling::audio {
namespace {

constexpr std::int64_t samples_per_ms = 48;
constexpr std::int64_t longest_packet = 120 * samples_per_ms;
/// The smallest that may be, with mapping family 0 (RFC 7845, section 5.1).
constexpr std::size_t head_size = 19;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = size; i > 0; --i) number = (number << 8U) | byte_at(bytes, at + i - 1);
    return number;
}

/// By the five bits of a packet's first byte (RFC 6716, table 2).
std::int64_t frame_length(int configuration) {
    constexpr std::array<std::int64_t, 4> silk{480, 960, 1920, 2880};
    constexpr std::array<std::int64_t, 4> celt{120, 240, 480, 960};
    const auto size = static_cast<std::size_t>(configuration & 3);
    if (configuration < 12) return silk[size];
    if (configuration < 16) return silk[size & 1U];
    return celt[size];
}

std::optional<OpusHead> parse_head(std::string_view packet) {
    if (packet.size() < head_size || !packet.starts_with("OpusHead")) return std::nullopt;
    OpusHead head;
    head.channels = byte_at(packet, 9);
    head.pre_skip = number_at(packet, 10, 2);
    head.input_rate = number_at(packet, 12, 4);
    head.output_gain = static_cast<std::uint16_t>(number_at(packet, 16, 2));
    // Versions below 16 are compatible; family 0 is mono or stereo.
    const bool readable = byte_at(packet, 8) < 16 && byte_at(packet, 18) == 0;
    if (!readable || head.channels < 1 || head.channels > 2) return std::nullopt;
    return head;
}

/// Reads the pages of a file one by one.
class Reader {
  public:
    /// Whether the page is what may come now.
    bool take(const OggPage& page) { return page.first_of_stream ? begin(page) : go_on(page); }
    /// The streams, if the file may end here.
    std::optional<std::vector<OpusStream>> finish() {
        if (streams_.empty() || !end_stream()) return std::nullopt;
        return std::move(streams_);
    }

  private:
    bool begin(const OggPage& page) {
        if (!streams_.empty() && !end_stream()) return false;
        const auto head = parse_head(page.body);
        if (!head || page.continues || page.last_of_stream) return false;
        auto& stream = streams_.emplace_back();
        stream.head = *head;
        stream.head_packet = page.body;
        stream.consistent = ends_one_packet(page) && (streams_.size() == 1 || chained(page));
        serial_ = page.serial;
        next_page_ = page.sequence + 1;
        tags_seen_ = false;
        ended_ = false;
        return true;
    }

    bool go_on(const OggPage& page) {
        const bool fits = !streams_.empty() && !ended_ && page.serial == serial_ &&
                          page.sequence == next_page_ && page.continues == !unfinished_.empty();
        if (!fits) return false;
        ++next_page_;
        const bool tags_were_seen = tags_seen_;
        const auto length_before = streams_.back().length;
        if (!take_packets(page)) return false;
        // Nothing stands behind the tags in their last page (RFC 7845, section 3).
        const bool as_told = tags_were_seen ? counts_rightly(page, length_before)
                                            : !tags_seen_ || ends_one_packet(page);
        if (!as_told) streams_.back().consistent = false;
        if (page.last_of_stream) {
            ended_ = true;
            trim(page.granule_position);
        }
        return true;
    }

    /// One packet ends in the page, and nothing stands behind it.
    static bool ends_one_packet(const OggPage& page) {
        return !page.lacing.empty() && page.lacing.back() != 255 &&
               std::ranges::count_if(page.lacing, [](int size) { return size != 255; }) == 1;
    }
    /// Whether the stream that begins with the page follows one that has ended.
    bool chained(const OggPage& page) const { return ended_ && page.serial != serial_; }

    /// Whether the page counts the samples up to its end, or, as the last one, some less of its
    /// own.
    bool counts_rightly(const OggPage& page, std::int64_t length_before) const {
        const auto length = streams_.back().length;
        if (length == length_before)
            return page.granule_position == -1 ||
                   (page.last_of_stream && page.granule_position >= 0 &&
                    page.granule_position - begins_at() == length);
        if (page.granule_position < 0) return false;
        if (!page.last_of_stream && first_position_.value_or(0) < 0) return false;
        const auto counted = page.granule_position - begins_at();
        return counted == length ||
               (page.last_of_stream && counted < length && counted > length_before);
    }

    /// Streams that were cut out of longer ones do not count from zero.
    std::int64_t begins_at() const {
        return std::max<std::int64_t>(0, first_position_.value_or(0));
    }

    bool take_packets(const OggPage& page) {
        std::size_t begin = 0;
        std::size_t end = 0;
        const auto length_before = streams_.back().length;
        for (const auto size : page.lacing) {
            end += size;
            if (size == 255) continue;
            if (!take_packet(completed(page.body.substr(begin, end - begin)))) return false;
            begin = end;
        }
        unfinished_ += page.body.substr(begin);
        if (!first_position_ && page.granule_position >= 0 &&
            streams_.back().length > length_before)
            first_position_ = page.granule_position - streams_.back().length;
        return true;
    }

    /// The packet whose last part this is.
    std::string_view completed(std::string_view part) {
        if (unfinished_.empty()) return part;
        auto& spanning = streams_.back().spanning;
        spanning.push_back(std::exchange(unfinished_, {}));
        spanning.back() += part;
        return spanning.back();
    }

    bool take_packet(std::string_view packet) {
        if (!std::exchange(tags_seen_, true)) {
            streams_.back().tags_packet = packet;
            return packet.starts_with("OpusTags");
        }
        const auto length = packet_length(packet);
        if (!length) return false;
        auto& stream = streams_.back();
        stream.length += *length;
        stream.packets.push_back(packet);
        return true;
    }

    /// A last page that counts fewer samples than its packets hold has the rest dropped (RFC 7845,
    /// section 4.4).
    void trim(std::int64_t position) {
        if (position < 0) return;
        auto& stream = streams_.back();
        const auto counted = std::clamp<std::int64_t>(position - begins_at(), 0, stream.length);
        stream.end_padding = stream.length - counted;
    }

    bool end_stream() {
        first_position_.reset();
        return tags_seen_ && unfinished_.empty() && !streams_.back().packets.empty();
    }

    std::vector<OpusStream> streams_;
    std::uint32_t serial_ = 0;
    std::uint32_t next_page_ = 0;
    bool tags_seen_ = false;
    bool ended_ = false;
    std::string unfinished_;
    std::optional<std::int64_t> first_position_;
};

}  // namespace

std::optional<std::int64_t> packet_length(std::string_view packet) {
    if (packet.empty()) return std::nullopt;
    const int first = byte_at(packet, 0);
    std::int64_t frames = (first & 3) == 0 ? 1 : 2;
    if ((first & 3) == 3) {
        if (packet.size() < 2) return std::nullopt;
        frames = byte_at(packet, 1) & 0x3F;
    }
    const auto length = frames * frame_length(first >> 3);
    if (length == 0 || length > longest_packet) return std::nullopt;
    return length;
}

std::optional<std::vector<OpusStream>> opus_streams(std::string_view file) {
    Reader reader;
    while (!file.empty()) {
        const auto page = take_page(file);
        if (!page || !reader.take(*page)) return std::nullopt;
    }
    return reader.finish();
}

Duration duration_of(std::int64_t samples) {
    return Duration((std::max<std::int64_t>(0, samples) + samples_per_ms - 1) / samples_per_ms);
}

}  // namespace mlbilling::audio
