// What a file is by its first bytes.
#include "adapters/audio/container.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mlbilling::audio {
namespace {

using std::string_literals::operator""s;

/// MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes.
std::string frame() { return "\xFF\xFB\x90\x64" + std::string(413, '\0'); }
/// AAC in ADTS, 44.1 kHz, 263 bytes.
std::string adts() { return "\xFF\xF1\x50\x80\x20\xFF\xFC"s + std::string(256, 'x'); }

std::string size_of_box(std::size_t size) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
    return bytes;
}
std::string box(const std::string& name, std::size_t content) {
    return size_of_box(8 + content) + name + std::string(content, '\0');
}
std::string id3(std::size_t size, char flags = 0) {
    return "ID3\x04\0"s + flags + '\0' + '\0' + static_cast<char>(size >> 7U) +
           static_cast<char>(size & 0x7FU) + std::string(size, '\0');
}
std::string ape(std::size_t size, char kind) {
    return "APETAGEX\xD0\x07\0\0"s + static_cast<char>(size) + std::string(3, '\0') +
           std::string(7, '\0') + kind + std::string(8, '\0') + std::string(size, 'x');
}

void expect_mpeg(const std::string& in_front, const std::string& sound, std::string_view demuxer) {
    const auto container = container_of(in_front + sound);
    EXPECT_EQ(container.demuxer, demuxer);
    EXPECT_EQ(container.begins_at, in_front.size());
}

TEST(Container, WhatStandsBeforeTheFirstFrameIsPassedOver) {
    const auto mp3 = frame() + frame() + frame();
    for (const auto& junk :
         {""s, std::string(4096, '\0'), std::string(100'000, '\0'), "some junk"s, "\xFF\xFB\x90"s,
          "\xFF\xFB\x90\x64 a header alone"s, id3(100), id3(100, 0x10) + std::string(10, '3'),
          id3(50) + std::string(700, '\0'), id3(20) + id3(30), "TAG"s + std::string(125, ' '),
          ape(60, '\xA0'), ape(0, '\x80'), ape(40, '\xA0') + id3(10) + "junk"s}) {
        SCOPED_TRACE(junk.size());
        expect_mpeg(junk, mp3, "mp3");
        expect_mpeg(junk, adts() + adts(), "aac");
    }
}

TEST(Container, OneFrameBehindJunkIsChance) {
    EXPECT_EQ(container_of("junk" + frame()).demuxer, "");
    EXPECT_EQ(container_of("junk" + frame() + "no frame").demuxer, "");
    // Another sample rate.
    EXPECT_EQ(container_of("junk" + frame() + "\xFF\xFB\x94\x64" + frame()).demuxer, "");
    EXPECT_EQ(container_of(std::string(300'000, '\0') + frame() + frame()).demuxer, "");
    EXPECT_EQ(container_of(frame()).demuxer, "mp3");
}

TEST(Container, ATagOfAWrongSizeHidesNothing) {
    auto tag = id3(100);
    tag[6] = '\x7F';
    expect_mpeg(tag, frame() + frame(), "mp3");
}

TEST(Container, NoiseAndTextsHoldNoFrames) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        std::string noise(20'000, '\0');
        for (auto& byte : noise) byte = static_cast<char>(random());
        noise[0] = 'x';
        EXPECT_EQ(container_of(noise).demuxer, "") << seed;
    }
    EXPECT_EQ(container_of(std::string(100'000, '\0')).demuxer, "");
    EXPECT_EQ(container_of("I'm free to speak, said the moov").demuxer, "");
}

TEST(Container, QuickTimeMayBeginWithAnyBox) {
    const auto movie = box("moov", 100);
    for (const auto* name : {"free", "skip", "pnot", "PICT", "pict", "uuid", "junk", "prfl", "udta",
                             "wide", "styp", "ftyp", "mdat", "moof"}) {
        EXPECT_EQ(container_of(box(name, 12) + movie).demuxer, "mov") << name;
        EXPECT_EQ(container_of(box("free", 0) + box(name, 300) + movie).demuxer, "mov") << name;
    }
    EXPECT_EQ(container_of(box("\x01\x02\x03\x04", 12) + movie).demuxer, "");
    const auto large = "\0\0\0\1free\0\0\0\0\0\0\0\x18"s + std::string(8, '\0');
    EXPECT_EQ(container_of(large + movie).demuxer, "mov");
    // A row that comes to nothing, or does not fit, is none.
    EXPECT_EQ(container_of(box("free", 100)).demuxer, "");
    EXPECT_EQ(container_of(size_of_box(4'000'000'000) + "free" + movie).demuxer, "");
    EXPECT_EQ(container_of("\0\0\0\1free\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + movie).demuxer, "");
    EXPECT_EQ(container_of(size_of_box(0) + "free" + movie).demuxer, "");
}

}  // namespace
}  // namespace mlbilling::audio
