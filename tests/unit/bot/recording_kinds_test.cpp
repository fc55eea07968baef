#include "bot/recording_kinds.hpp"

#include <gtest/gtest.h>

namespace mlbilling::bot {
namespace {

using Kind = telegram::MediaFile::Kind;

constexpr std::int64_t small = 60'000;
constexpr std::int64_t large = 19'000'000;

telegram::MediaFile document(std::string type, std::string name, std::int64_t size = large) {
    telegram::MediaFile media;
    media.kind = Kind::document;
    media.mime_type = std::move(type);
    media.file_name = std::move(name);
    if (size > 0) media.size = size;
    return media;
}

TEST(Recording, IsWhateverIsNoDocument) {
    for (const auto kind : {Kind::voice, Kind::audio, Kind::video_note, Kind::video}) {
        telegram::MediaFile media;
        media.kind = kind;
        EXPECT_TRUE(is_recording(media));
    }
}

TEST(Recording, IsADocumentOfAudioOrVideoByItsType) {
    for (const auto* type : {"audio/x-wav", "Video/mp4", "application/ogg",
                             "audio/ogg; codecs=opus", "application/ogg; codecs=opus"})
        EXPECT_TRUE(is_recording(document(type, "x.bin"))) << type;
    EXPECT_FALSE(is_recording(document("application/pdf", "book.mp3")));
    EXPECT_FALSE(is_recording(document("image/png", "memo", small)));
}

TEST(Recording, IsADocumentThatIsNamedLikeOneWhereTheTypeSaysNothing) {
    for (const auto* type : {"", "application/octet-stream", "binary/octet-stream",
                             "Application/X-WAV", "application/force-download"}) {
        for (const auto* name :
             {"talk.MP3", "b6_opus.caf", "memo.m4b", "a.aiff", "a.aif", "a.aifc", "a.3ga", "a.mpga",
              "a.oga",    "a.opus",      "a.amr",    "a.wma",  "a.mka", "a.weba", "a.mp2", "a.m4a",
              "a.flac",   "a.au",        "a.ts",     "a.3gpp", "a.qt",  "a.wav"})
            EXPECT_TRUE(is_recording(document(type, name))) << type << ' ' << name;
        for (const auto* name : {"notes.txt", "a.zip", "photo.JPG", "x.pdf"})
            EXPECT_FALSE(is_recording(document(type, name, small))) << type << ' ' << name;
    }
}

TEST(Recording, IsASmallDocumentOfWhichNothingIsKnown) {
    for (const auto* name : {"", "memo", "voice.dat", "recording.2026"}) {
        EXPECT_TRUE(is_recording(document("", name, small))) << name;
        EXPECT_TRUE(is_recording(document("application/x-wav", name, small))) << name;
        EXPECT_FALSE(is_recording(document("", name, large))) << name;
        EXPECT_FALSE(is_recording(document("", name, 0))) << name;
    }
    EXPECT_FALSE(is_recording(document("text/plain", "memo", small)));
}

}  // namespace
}  // namespace mlbilling::bot
