#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::audio {

/// How a stream is to be played (RFC 7845, section 5.1).
struct OpusHead {
    int channels = 1;
    /// Samples at the beginning that a player drops.
    std::int64_t pre_skip = 0;
    std::uint32_t input_rate = 0;
    std::uint16_t output_gain = 0;
};

/// One stream of an Ogg/Opus file, its packets not decoded. Times are samples of 48 kHz, whatever
/// the rate of the recording was. Refers to the file.
struct OpusStream {
    OpusStream() = default;
    OpusStream(OpusStream&&) = default;
    OpusStream& operator=(OpusStream&&) = default;

    OpusHead head;
    /// The two packets that a stream begins with, as they stand in the file.
    std::string_view head_packet;
    std::string_view tags_packet;
    std::vector<std::string_view> packets;
    /// Those that no single page holds; a deque, so that the views of them stay good.
    std::deque<std::string> spanning;
    /// Of all packets, by what they say themselves.
    std::int64_t length = 0;
    /// Of the last packets that a player drops; only the last page of a stream can say so.
    std::int64_t end_padding = 0;

    /// Every page counts just the samples that its packets hold, and only the last one drops some:
    /// then there are no two opinions about what is played. Else a player may give less or more.
    bool consistent = true;

    /// What is heard.
    std::int64_t played() const { return length - head.pre_skip - end_padding; }
};

/// Samples in a packet by its first bytes (RFC 6716, section 3.1); nothing when there is no such
/// packet.
std::optional<std::int64_t> packet_length(std::string_view packet);

/// The streams of an Ogg/Opus file, one after the other from its first byte to its last. Nothing
/// when anything else is in it, a page is missing or damaged, or a stream is not of one or two
/// channels.
std::optional<std::vector<OpusStream>> opus_streams(std::string_view file);

/// A started millisecond counts.
Duration duration_of(std::int64_t samples);

}  // namespace mlbilling::audio
