#include "adapters/audio/opus_voice.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/audio/ogg_page.hpp"
#include "adapters/audio/opus_listening.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "base/check.hpp"

namespace mlbilling::audio {
namespace {

/// What a stream may hold beyond what is heard of it: padding and pre-skip, generously.
constexpr Duration most_hidden{250};

/// Writes packets into pages of about a second.
class Writer {
  public:
    explicit Writer(const OpusHead& head) : pre_skip_(head.pre_skip) {
        write_header(packet_of(head));
        std::string tags = "OpusTags";
        const std::string vendor = "mlbilling";
        append_number(tags, vendor.size(), 4);
        tags += vendor;
        append_number(tags, 0, 4);
        write_header(tags);
    }

    void add(std::string_view packet) {
        const auto segments = packet.size() / 255 + 1;
        if (page_.lacing.size() + segments > 255 || position_ - flushed_at_ >= samples_per_second)
            flush(false);
        page_.lacing.insert(page_.lacing.end(), segments - 1, 255);
        page_.lacing.push_back(static_cast<std::uint8_t>(packet.size() % 255));
        body_ += packet;
        position_ += packet_length(packet).value_or(0);
    }

    EncodedVoice finish(std::int64_t end_padding) {
        position_ -= end_padding;
        flush(true);
        return {std::move(file_), duration_of(position_ - pre_skip_)};
    }

  private:
    static constexpr std::int64_t samples_per_second = 48'000;

    static void append_number(std::string& bytes, std::uint64_t number, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
    }

    static std::string packet_of(const OpusHead& head) {
        std::string packet = "OpusHead\x01";
        packet += static_cast<char>(head.channels);
        append_number(packet, static_cast<std::uint64_t>(head.pre_skip), 2);
        append_number(packet, head.input_rate, 4);
        append_number(packet, head.output_gain, 2);
        packet += '\0';
        return packet;
    }

    void write_header(const std::string& packet) {
        page_.first_of_stream = sequence_ == 0;
        page_.lacing.push_back(static_cast<std::uint8_t>(packet.size()));
        body_ = packet;
        flush(false);
    }

    void flush(bool last) {
        page_.serial = 1;
        page_.sequence = sequence_++;
        page_.granule_position = position_;
        page_.last_of_stream = last;
        page_.body = body_;
        append_page(file_, page_);
        page_ = OggPage{};
        body_.clear();
        flushed_at_ = position_;
    }

    std::string file_;
    std::int64_t pre_skip_;
    OggPage page_;
    std::string body_;
    std::uint32_t sequence_ = 0;
    std::int64_t position_ = 0;
    std::int64_t flushed_at_ = 0;
};

/// Drops the packets at the end that are padding and nothing else.
void drop_padding(OpusStream& stream) {
    while (!stream.packets.empty()) {
        const auto last = packet_length(stream.packets.back()).value_or(0);
        if (last > stream.end_padding) return;
        stream.end_padding -= last;
        stream.length -= last;
        stream.packets.pop_back();
    }
}

std::optional<EncodedVoice> joined(std::vector<OpusStream> streams) {
    auto head = streams.front().head;
    for (const auto& stream : streams) {
        // One header speaks for all; a stereo decoder takes mono packets too.
        if (stream.head.output_gain != head.output_gain) return std::nullopt;
        head.channels = std::max(head.channels, stream.head.channels);
    }
    Writer writer(head);
    std::int64_t padding = 0;
    for (auto& stream : streams) {
        if (stream.played() <= 0) continue;
        drop_padding(stream);
        for (const auto packet : stream.packets) writer.add(packet);
        padding = stream.end_padding;
    }
    return writer.finish(padding);
}

}  // namespace

std::variant<InspectedVoice, UnusableAudio> inspect_opus(std::string file, OpusDecoders& decoders,
                                                         const work_threads::Stop& stop) {
    CHECK(decoders.rate() == judged_rate);
    auto streams = opus_streams(file);
    if (!streams) return UnusableAudio::damaged;
    bool silent = true;
    for (const auto& stream : *streams) {
        const auto hearing = listen(stream, decoders, stop);
        if (hearing == Hearing::damaged) return UnusableAudio::damaged;
        if (hearing == Hearing::loud) silent = false;
        if (!silent) break;
    }
    if (streams->size() == 1) {
        const auto duration = duration_of(streams->front().played());
        return InspectedVoice{{std::move(file), duration}, silent};
    }
    auto voice = joined(*std::move(streams));
    if (!voice) return UnusableAudio::damaged;
    return InspectedVoice{*std::move(voice), silent};
}

std::variant<EncodedVoice, UnusableAudio> join_opus(const std::vector<std::string>& files) {
    std::vector<OpusStream> all;
    for (const auto& file : files) {
        auto streams = opus_streams(file);
        if (!streams) return UnusableAudio::damaged;
        std::move(streams->begin(), streams->end(), std::back_inserter(all));
    }
    if (all.empty()) return UnusableAudio::damaged;
    auto voice = joined(std::move(all));
    if (!voice) return UnusableAudio::damaged;
    return *std::move(voice);
}

bool is_plain_voice(const std::vector<OpusStream>& streams, Duration played) {
    if (streams.size() != 1 || streams.front().head.channels != 1) return false;
    return duration_of(streams.front().length) <= played + most_hidden;
}

bool is_plain_voice(const std::string& file, Duration decoded) {
    const auto streams = opus_streams(file);
    return streams && is_plain_voice(*streams, decoded);
}

}  // namespace mlbilling::audio
