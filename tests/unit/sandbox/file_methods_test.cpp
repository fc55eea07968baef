#include "bot_fixture.hpp"

namespace mlbilling::sandbox {
namespace {

class FileMethods : public BotFixture {
  protected:
    boost::json::object send(const std::string& method, const std::string& field,
                             UploadedFile file) {
        const auto sent = result(
            call(method, upload({{"chat_id", "1001"}, {"duration", "7"}}, field, std::move(file))));
        return sent.is_object() ? sent.get_object() : boost::json::object();
    }
    static std::string text_of(const boost::json::object& message, const char* kind,
                               const char* field) {
        return std::string(message.at(kind).at(field).as_string());
    }
    const std::string ogg = "OggS bytes";
};

TEST_F(FileMethods, AVoiceIsOggMp3OrM4aAndAnythingElseADocument) {
    const auto voice = send("sendvoice", "voice", {"voice.ogg", "audio/ogg", ogg});
    EXPECT_EQ(voice.at("voice").at("duration").as_int64(), 7);
    EXPECT_EQ(voice.at("voice").at("file_size").as_int64(), static_cast<std::int64_t>(ogg.size()));
    EXPECT_EQ(text_of(voice, "voice", "mime_type"), "audio/ogg");
    EXPECT_TRUE(send("sendvoice", "voice", {"a.mp3", "audio/mpeg", "x"}).contains("voice"));
    EXPECT_TRUE(send("sendvoice", "voice", {"a.m4a", "audio/mp4", "x"}).contains("voice"));
    EXPECT_TRUE(send("sendvoice", "voice", {"", "", "x"}).contains("voice"));
    const auto odd = send("sendvoice", "voice", {"a.opus", "video/x-odd", "x"});
    EXPECT_EQ(text_of(odd, "voice", "mime_type"), "audio/ogg");
    const auto wav = send("sendvoice", "voice", {"a.wav", "audio/wav", "RIFF"});
    EXPECT_FALSE(wav.contains("voice"));
    EXPECT_EQ(text_of(wav, "document", "file_name"), "a.wav");
    EXPECT_TRUE(send("sendvoice", "voice", {"", "audio/wav", "RIFF"}).contains("document"));
    EXPECT_EQ(
        text_of(send("sendaudio", "audio", {"a.mp3", "audio/mpeg", "x"}), "audio", "file_name"),
        "a.mp3");
    EXPECT_TRUE(send("sendaudio", "audio", {"a.txt", "text/plain", "x"}).contains("document"));
    EXPECT_TRUE(send("senddocument", "document", {"a.ogg", "audio/ogg", "x"}).contains("document"));
}

TEST_F(FileMethods, SaysWhatIsWrongInTelegramsWords) {
    EXPECT_EQ(error("sendvoice", {{"chat_id", "1001"}}),
              "Bad Request: there is no voice in the request");
    EXPECT_EQ(error("sendaudio", {{"chat_id", "1001"}}),
              "Bad Request: there is no audio in the request");
    EXPECT_EQ(error("senddocument", {{"chat_id", "1001"}, {"document", "attach://x"}}),
              "Bad Request: there is no document in the request");
    EXPECT_EQ(error("sendvoice", {{"chat_id", "1001"}, {"voice", "made up"}}),
              "Bad Request: wrong file identifier/HTTP URL specified");
    EXPECT_EQ(error(call("sendvoice", upload({{"chat_id", "1001"}}, "voice", {"a.ogg", "", ""}))),
              "Bad Request: file must be non-empty");
    EXPECT_EQ(
        error(call("sendvoice", upload({{"chat_id", "1001"}, {"caption", std::string(1025, 'x')}},
                                       "voice", {"a.ogg", "", "x"}))),
        "Bad Request: message caption is too long");
    result(call("sendvoice", upload({{"chat_id", "1001"}, {"caption", std::string(1024, 'x')}},
                                    "voice", {"a.ogg", "", "x"})));
    EXPECT_EQ(error("getfile", {}), "Bad Request: file_id not specified");
    EXPECT_EQ(error("getfile", {{"file_id", "made up"}}),
              "Bad Request: wrong file_id or the file is temporarily unavailable");
}

TEST_F(FileMethods, SomeoneWhoForbidsVoicesStillGetsAudioAndDocuments) {
    state.people.find(anna)->forbids_voice = true;
    const auto refused =
        call("sendvoice", upload({{"chat_id", "1001"}}, "voice", {"a.ogg", "audio/ogg", ogg}));
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(error(refused), "Bad Request: VOICE_MESSAGES_FORBIDDEN");
    EXPECT_TRUE(send("sendaudio", "audio", {"a.ogg", "audio/ogg", ogg}).contains("audio"));
    EXPECT_TRUE(send("senddocument", "document", {"a.ogg", "audio/ogg", ogg}).contains("document"));
}

TEST_F(FileMethods, AFileIdSendsTheFileAgainAsWhatItWas) {
    const auto voice = send("sendvoice", "voice", {"voice.ogg", "audio/ogg", ogg});
    const auto file_id = text_of(voice, "voice", "file_id");
    const auto again = result("sendvoice", {{"chat_id", "1002"}, {"voice", file_id}});
    EXPECT_EQ(text_of(again, "voice", "file_id"), file_id);
    EXPECT_EQ(again.at("voice").at("duration").as_int64(), 7);
    EXPECT_EQ(error("senddocument", {{"chat_id", "1001"}, {"document", file_id}}),
              "Bad Request: can't use file of type voice as Document");
}

TEST_F(FileMethods, AFileIdBelongsToOneBotButTheUniqueIdToTheContent) {
    const auto first = send("sendvoice", "voice", {"a.ogg", "audio/ogg", ogg});
    const auto second = send("sendvoice", "voice", {"b.ogg", "audio/ogg", ogg});
    const auto other = send("sendvoice", "voice", {"a.ogg", "audio/ogg", ogg + "!"});
    EXPECT_NE(text_of(first, "voice", "file_id"), text_of(second, "voice", "file_id"));
    EXPECT_EQ(text_of(first, "voice", "file_unique_id"),
              text_of(second, "voice", "file_unique_id"));
    EXPECT_NE(text_of(first, "voice", "file_unique_id"), text_of(other, "voice", "file_unique_id"));
    const Parameters stolen({{"file_id", text_of(first, "voice", "file_id")}});
    EXPECT_EQ(call("getfile", stolen, test_bot).status, 200);
    EXPECT_EQ(error(call("getfile", stolen, test_bot + 1)),
              "Bad Request: wrong file_id or the file is temporarily unavailable");
    EXPECT_EQ(error("getfile", {{"file_id", text_of(first, "voice", "file_unique_id")}}),
              "Bad Request: wrong file_id or the file is temporarily unavailable");
}

TEST_F(FileMethods, GetFileGivesAPathUpTo20Megabytes) {
    const auto post = [&](std::size_t size) {
        FileFromUser file;
        file.chat = anna;
        file.from = anna;
        file.bytes = std::string(size, 'x');
        file.description.kind = MessageKind::voice;
        file.description.name = "My Secret Name.OGG";
        const auto message = post_file(state, std::move(file), now);
        EXPECT_TRUE(message.ok());
        return state.files.file_id(test_bot, *message->file);
    };
    const auto file = result("getfile", {{"file_id", post(20U << 20U)}});
    EXPECT_EQ(file.at("file_size").as_int64(), 20 << 20);
    const std::string path(file.at("file_path").as_string());
    EXPECT_EQ(path, "voice/file_0.ogg");
    EXPECT_EQ(state.files.by_path(path)->bytes->size(), 20U << 20U);
    EXPECT_EQ(error("getfile", {{"file_id", post((20U << 20U) + 1)}}),
              "Bad Request: file is too big");
}

TEST_F(FileMethods, TheOldestFilesMakeRoomForNewOnes) {
    Files files(random, 5000);
    const auto first = files.add(std::string(2000, 'a'), {});
    const auto second = files.add(std::string(900, 'b'), {});
    EXPECT_TRUE(files.find(first.key).has_value());
    const auto third = files.add(std::string(900, 'c'), {});
    EXPECT_FALSE(files.find(first.key).has_value());
    EXPECT_FALSE(files.by_path("documents/file_0").has_value());
    EXPECT_TRUE(files.find(second.key).has_value());
    EXPECT_TRUE(files.find(third.key).has_value());
}

}  // namespace
}  // namespace mlbilling::sandbox
