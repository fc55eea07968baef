// Ogg/Opus whose checksums are right and whose contents are not: what a provider, or a user who
// wants to pay for less than is recognised, might send.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "adapters/audio/opus_stream.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "contract/audio/ogg_pages.hpp"

namespace mlbilling::audio {
namespace {

using namespace std::chrono_literals;

std::variant<InspectedVoice, UnusableAudio> inspected(const std::string& file) {
    OpusDecoders decoders(judged_rate);
    return inspect_opus(file, decoders, never());
}

bool is_damaged(const std::string& file) {
    return std::holds_alternative<UnusableAudio>(inspected(file));
}

Duration duration_of_file(const std::string& file) {
    return std::get<InspectedVoice>(inspected(file)).voice.duration;
}

TEST(HostileOgg, PagesAreWrittenAsTheyWereRead) {
    const auto file = voice_of(3s);
    EXPECT_EQ(Pages(file).file(), file);
}

TEST(HostileOgg, ARecordingThatHidesPacketsBehindItsEndIsNotHandedOnAsItCame) {
    Pages pages(voice_of(10s));
    const auto whole = pages.file();
    EXPECT_TRUE(is_plain_voice(whole, 10s));
    // The last page says that the stream ended seconds ago.
    pages.pages.back().granule_position = 48'000;
    const auto shorter = pages.file();
    EXPECT_LT(duration_of_file(shorter), 2s);
    EXPECT_FALSE(is_plain_voice(shorter, duration_of_file(shorter)));
}

TEST(HostileOgg, AGranulePositionCannotMakeAVoiceLonger) {
    Pages pages(voice_of(1s));
    pages.pages.back().granule_position = std::numeric_limits<std::int64_t>::max();
    EXPECT_LE(duration_of_file(pages.file()), 1'020ms);
    pages.pages.back().granule_position = std::numeric_limits<std::int64_t>::min();
    EXPECT_LE(duration_of_file(pages.file()), 1'020ms);
}

TEST(HostileOgg, WhatThePagesOfOneStreamCannotBeIsDamage) {
    const auto file = voice_of(3s);
    const auto change = [&](const std::function<void(Pages&)>& how) {
        Pages pages(file);
        how(pages);
        return pages.file();
    };
    EXPECT_FALSE(is_damaged(file));
    const std::vector<std::function<void(Pages&)>> changes{
        [](Pages& p) { p.pages[2].sequence += 1; }, [](Pages& p) { p.pages[2].serial += 1; },
        [](Pages& p) { p.pages[2].continues = true; },
        [](Pages& p) { p.pages[2].first_of_stream = true; },
        [](Pages& p) { p.pages[0].first_of_stream = false; },
        [](Pages& p) { p.pages[0].last_of_stream = true; },
        [](Pages& p) { p.pages[1].last_of_stream = true; }, [](Pages& p) { p.bodies[0][0] = 'o'; },
        [](Pages& p) { p.bodies[0][8] = 16; }, [](Pages& p) { p.bodies[0][9] = 3; },
        [](Pages& p) { p.bodies[0][9] = 0; }, [](Pages& p) { p.bodies[0][18] = 1; },
        [](Pages& p) { p.bodies[1][0] = 'o'; },
        // A packet of no bytes.
        [](Pages& p) { p.pages[2].lacing.insert(p.pages[2].lacing.begin(), 0); },
        // A packet that never ends.
        [](Pages& p) {
            p.pages.back().lacing.push_back(255);
            p.bodies.back() += std::string(255, 'x');
        },
        // No packets at all.
        [](Pages& p) {
            p.pages.resize(2);
            p.bodies.resize(2);
        }};
    for (std::size_t i = 0; i < changes.size(); ++i)
        EXPECT_TRUE(is_damaged(change(changes[i]))) << i;
}

TEST(HostileOgg, APacketMayGoOnInTheNextPage) {
    Pages pages(voice_of(200ms));
    auto& first = pages.pages[2];
    auto body = pages.bodies[2];
    // A last packet of 300 bytes, cut after 255.
    const std::string long_packet = body.substr(0, 1) + std::string(299, 'x');
    auto second = first;
    first.last_of_stream = false;
    first.lacing.push_back(255);
    pages.bodies[2] += long_packet.substr(0, 255);
    second.continues = true;
    second.sequence += 1;
    second.granule_position += 48'000;
    second.lacing = {45};
    pages.pages.push_back(second);
    pages.bodies.push_back(long_packet.substr(255));
    const auto file = pages.file();
    const auto streams = opus_streams(file);
    ASSERT_TRUE(streams);
    EXPECT_EQ(streams->front().packets.back(), long_packet);
}

TEST(PacketLength, IsWhatItsFirstBytesSay) {
    const auto length = [](std::initializer_list<int> bytes) {
        std::string packet;
        for (const int byte : bytes) packet += static_cast<char>(byte);
        return packet_length(packet);
    };
    EXPECT_EQ(length({0 << 3}), 480);
    EXPECT_EQ(length({3 << 3}), 2'880);
    EXPECT_EQ(length({13 << 3}), 960);
    EXPECT_EQ(length({16 << 3}), 120);
    EXPECT_EQ(length({31 << 3}), 960);
    EXPECT_EQ(length({31 << 3 | 1}), 1'920);
    EXPECT_EQ(length({31 << 3 | 2}), 1'920);
    EXPECT_EQ(length({31 << 3 | 3, 6}), 5'760);
    EXPECT_EQ(length({31 << 3 | 3, 7}), std::nullopt);
    EXPECT_EQ(length({31 << 3 | 3, 0}), std::nullopt);
    EXPECT_EQ(length({31 << 3 | 3}), std::nullopt);
    EXPECT_EQ(length({}), std::nullopt);
}

RC_GTEST_PROP(HostileOgg, IsReadOrRefusedAndNothingElse, ()) {
    static const auto file = voice_of(1'500ms);
    const auto hostile = changed_at_random(file);
    const auto found = inspected(hostile);
    if (const auto* voice = std::get_if<InspectedVoice>(&found))
        RC_ASSERT(voice->voice.duration <= Duration(300'000));
    join_opus({hostile, file, hostile});
    is_plain_voice(hostile, Duration(1'500));
}

}  // namespace
}  // namespace mlbilling::audio
