// What walking the packets of Ogg/Opus finds is what libopusfile makes of it, or it finds nothing.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "adapters/audio/opus_reader.hpp"
#include "adapters/audio/opus_recording.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "contract/audio/ogg_pages.hpp"

namespace mlbilling::audio {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest{600'000};

void append_number(std::string& bytes, std::int64_t number, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
}

std::string head_packet(int channels, std::int64_t pre_skip, std::int64_t gain) {
    std::string packet = "OpusHead\x01";
    packet += static_cast<char>(channels);
    append_number(packet, pre_skip, 2);
    append_number(packet, 48'000, 4);
    append_number(packet, gain, 2);
    return packet + '\0';
}

const std::string tags_packet("OpusTags\x04\0\0\0test\0\0\0\0", 20);

void add_packet(OggPage& page, std::string& body, const std::string& packet) {
    page.lacing.insert(page.lacing.end(), packet.size() / 255, 255);
    page.lacing.push_back(static_cast<std::uint8_t>(packet.size() % 255));
    body += packet;
}

/// Any packet that RFC 6716 allows (section 3.2), with anything in it.
std::string any_packet() {
    const auto configuration = *rc::gen::inRange(0, 32);
    const auto code = *rc::gen::element(0, 0, 0, 1, 1, 3, 3, 2);
    const auto stereo = *rc::gen::inRange(0, 2);
    std::string packet(1, static_cast<char>(configuration << 3 | stereo << 2 | code));
    if (code == 3) packet += static_cast<char>(*rc::gen::inRange(1, 3));
    const auto size = 12 * *rc::gen::inRange(0, 15);
    // The length of the first of two frames.
    if (code == 2) packet += static_cast<char>(size / 12);
    for (int i = 0; i < size; ++i) packet += *rc::gen::arbitrary<char>();
    return packet;
}

/// A stream that counts its samples as it should, from zero or from later on.
std::string any_stream(std::uint32_t serial) {
    const auto channels = *rc::gen::inRange(1, 3);
    const auto pre_skip = *rc::gen::element(0, 312, 1'000, 3'840, 9'000);
    const auto gain = *rc::gen::element(0, 0, 256, -512);
    std::string file;
    std::string body = head_packet(channels, pre_skip, gain);
    OggPage page{.serial = serial, .lacing = {}, .body = {}};
    page.first_of_stream = true;
    page.granule_position = 0;
    page.lacing.push_back(static_cast<std::uint8_t>(body.size()));
    page.body = body;
    append_page(file, page);
    page = {.granule_position = 0, .serial = serial, .sequence = 1, .lacing = {}, .body = {}};
    body = tags_packet;
    page.lacing.push_back(static_cast<std::uint8_t>(body.size()));
    page.body = body;
    append_page(file, page);

    std::int64_t position = *rc::gen::element(0, 0, 960, 1'000'001);
    const auto count = *rc::gen::inRange(1, 8);
    for (int i = 0; i < count; ++i) {
        page = {.serial = serial,
                .sequence = static_cast<std::uint32_t>(2 + i),
                .lacing = {},
                .body = {}};
        body.clear();
        std::int64_t length = 0;
        for (int packets = *rc::gen::inRange(1, 9); packets > 0; --packets) {
            const auto packet = any_packet();
            length += packet_length(packet).value_or(0);
            add_packet(page, body, packet);
        }
        page.last_of_stream = i + 1 == count && *rc::gen::inRange(0, 4) != 0;
        page.granule_position = position += length;
        if (page.last_of_stream)
            page.granule_position -= *rc::gen::inRange<std::int64_t>(0, length + 10);
        page.body = body;
        append_page(file, page);
    }
    return file;
}

void must_be_as_decoded(const std::string& file) {
    const auto walked = walk_opus(file);
    if (!walked) return;
    const auto decoded = read_opus(file, longest, never());
    RC_ASSERT(decoded.has_value());
    const auto* sound = std::get_if<Sound>(&*decoded);
    RC_ASSERT(sound != nullptr);
    RC_ASSERT(walked->duration == sound->duration());
    RC_ASSERT(decode_opus(file, never()).samples.size() == sound->samples.size());
    RC_ASSERT(walked->is_plain == is_plain_voice(file, sound->duration()));
}

RC_GTEST_PROP(WalkedOpus, IsAsLongAsWhenItIsDecoded, ()) {
    auto file = any_stream(1);
    if (*rc::gen::inRange(0, 3) == 0) file += any_stream(*rc::gen::element(1U, 2U));
    RC_CLASSIFY(walk_opus(file).has_value(), "walked");
    must_be_as_decoded(file);
}

RC_GTEST_PROP(WalkedOpus, IsAsLongAsWhenItIsDecodedWhateverLiesAreInIt, ()) {
    static const auto file = voice_of(1'500ms);
    must_be_as_decoded(changed_at_random(file));
}

TEST(WalkedOpus, IsFoundInWhatWeAndOthersEncode) {
    for (const auto length : {3ms, 20ms, 999ms, 3'000ms, 12'345ms}) {
        const auto walked = walk_opus(voice_of(length));
        ASSERT_TRUE(walked);
        EXPECT_EQ(walked->duration, length);
        EXPECT_TRUE(walked->is_plain);
    }
    for (const auto* frame : {"2.5", "20", "60"}) {
        const auto file = test::converted(
            test::wav(test::tone(3s)),
            {"-c:a", "libopus", "-b:a", "16k", "-frame_duration", frame, "-f", "ogg"});
        const auto walked = walk_opus(file);
        ASSERT_TRUE(walked) << frame;
        EXPECT_EQ(walked->duration, std::get<Sound>(*read_opus(file, longest, never())).duration());
        EXPECT_TRUE(walked->is_plain);
    }
}

TEST(WalkedOpus, SoundsAsWhenItIsReadInFull) {
    const auto sound = decode_opus(voice_of(2s), never());
    EXPECT_NEAR(test::pitch(sound), 440, 2);
    EXPECT_NEAR(test::loudness(sound), 16'000 / std::sqrt(2), 500);
}

TEST(WalkedOpus, WhatCountsOtherwiseThanItsPacketsIsForADecoder) {
    const auto file = voice_of(3s);
    Pages pages(file);
    pages.pages[2].granule_position += 48;
    EXPECT_FALSE(walk_opus(pages.file()));
    EXPECT_FALSE(walk_opus(file + "x"));
    EXPECT_FALSE(walk_opus(file.substr(0, file.size() - 1)));
}

}  // namespace
}  // namespace mlbilling::audio
