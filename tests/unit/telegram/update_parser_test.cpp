#include "adapters/telegram/update_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "adapters/telegram/reply.hpp"
#include "base/log.hpp"

namespace mlbilling::telegram {
namespace {

namespace json = boost::json;
using Kind = MediaFile::Kind;

const BotId bot(777);

class TelegramUpdates : public ::testing::Test {
  protected:
    // Each of the many broken updates would be a line.
    static void SetUpTestSuite() { log::configure(log::Level::error, log::Format::text); }
};

Update read(std::string_view update) {
    auto read = read_update(json::parse(update), bot);
    if (read) return *read;
    ADD_FAILURE() << "no update: " << update;
    return Update();
}

/// The message with the members that every message has, and these.
IncomingMessage message_with(const std::string& members) {
    const auto update = read(
        R"({"update_id":10,"message":{"message_id":5,"date":1700000000,)"
        R"("chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false,"first_name":"A"})" +
        members + "}}");
    const auto* message = std::get_if<IncomingMessage>(&update.content);
    if (message != nullptr) return *message;
    ADD_FAILURE() << "no message: " << members;
    return IncomingMessage();
}

TEST_F(TelegramUpdates, ATextMessageIsRead) {
    const auto update =
        read(R"({"update_id":870000001,"message":{"message_id":1365,"date":1700000000,
        "from":{"id":4503599627370495,"is_bot":false,"first_name":"Анна","username":"anna","language_code":"ru-RU"},
        "chat":{"id":-1001234567890,"type":"supergroup","title":"T"},"text":"Привет","unknown":{"x":[1,2]}}})");
    EXPECT_EQ(update.id, UpdateId(870000001));
    const auto& message = std::get<IncomingMessage>(update.content);
    EXPECT_EQ(message.id, MessageId(1365));
    EXPECT_EQ(message.chat.id, ChatId(-1001234567890));
    EXPECT_EQ(message.chat.kind, ChatKind::group);
    EXPECT_EQ(message.date, Time(std::chrono::seconds(1700000000)));
    EXPECT_EQ(message.text, "Привет");
    ASSERT_TRUE(message.from);
    EXPECT_EQ(message.from->id, TelegramId(4503599627370495));
    EXPECT_EQ(message.from->first_name, "Анна");
    EXPECT_EQ(message.from->username, "anna");
    EXPECT_EQ(message.from->language_code, "ru-RU");
    EXPECT_FALSE(message.media);
    EXPECT_FALSE(message.forwarded);
    EXPECT_FALSE(message.reply_to);
}

TEST_F(TelegramUpdates, EveryKindOfMediaIsReadWithTheSendersClaims) {
    const auto voice = message_with(
        R"(,"voice":{"file_id":"V","file_unique_id":"u","duration":5,"mime_type":"audio/ogg","file_size":5000000000})");
    ASSERT_TRUE(voice.media);
    EXPECT_EQ(voice.media->kind, Kind::voice);
    EXPECT_EQ(voice.media->file_id, "V");
    EXPECT_EQ(voice.media->file_unique_id, "u");
    EXPECT_EQ(voice.media->duration, Duration(5'000));
    EXPECT_EQ(voice.media->size, 5'000'000'000);
    EXPECT_EQ(voice.media->mime_type, "audio/ogg");
    EXPECT_EQ(message_with(R"(,"audio":{"file_id":"A","title":"T"})").media->kind, Kind::audio);
    EXPECT_EQ(message_with(R"(,"video_note":{"file_id":"N","length":240})").media->kind,
              Kind::video_note);
    EXPECT_EQ(message_with(R"(,"video":{"file_id":"W"})").media->kind, Kind::video);
    const auto document = message_with(
        R"(,"document":{"file_id":"D","file_name":"talk.mp3","mime_type":"audio/mpeg"},"caption":"words")");
    EXPECT_EQ(document.media->kind, Kind::document);
    EXPECT_EQ(document.media->file_name, "talk.mp3");
    EXPECT_EQ(document.media->duration, std::nullopt);
    EXPECT_EQ(document.media->size, std::nullopt);
    EXPECT_EQ(document.text, "words");
}

TEST_F(TelegramUpdates, LyingMediaClaimsNothing) {
    const auto lying = message_with(
        R"(,"voice":{"file_id":"V","duration":-5,"file_size":"big","mime_type":7,"file_unique_id":null})");
    ASSERT_TRUE(lying.media);
    EXPECT_EQ(lying.media->duration, std::nullopt);
    EXPECT_EQ(lying.media->size, std::nullopt);
    EXPECT_EQ(lying.media->mime_type, "");
    EXPECT_FALSE(message_with(R"(,"voice":{"duration":5})").media);
    EXPECT_FALSE(message_with(R"(,"voice":"V")").media);
    EXPECT_FALSE(message_with(R"(,"voice":{"file_id":")" + std::string(600, 'x') + "\"}").media);
    EXPECT_FALSE(
        message_with(
            R"(,"animation":{"file_id":"G"},"document":{"file_id":"G","mime_type":"video/mp4"})")
            .media);
}

TEST_F(TelegramUpdates, TheTopicOfAForumIsKnown) {
    EXPECT_EQ(message_with(R"(,"text":"x","is_topic_message":true,"message_thread_id":77)").topic,
              MessageId(77));
    EXPECT_EQ(message_with(R"(,"text":"x","message_thread_id":77)").topic, std::nullopt)
        << "a thread of replies is no topic";
    EXPECT_EQ(message_with(R"(,"text":"x","is_topic_message":true)").topic, std::nullopt);
    EXPECT_EQ(message_with(R"(,"text":"x","is_topic_message":true,"message_thread_id":-1)").topic,
              std::nullopt);
}

TEST_F(TelegramUpdates, ForwardsAreKnown) {
    EXPECT_TRUE(message_with(R"(,"text":"x","forward_origin":{"type":"user","date":1})").forwarded);
    EXPECT_TRUE(message_with(R"(,"text":"x","forward_date":1)").forwarded);
    EXPECT_FALSE(message_with(R"(,"text":"x","is_automatic_forward":false)").forwarded);
}

TEST_F(TelegramUpdates, AReplyCarriesWhatItAnswers) {
    const auto reply = message_with(R"(,"text":"x","reply_to_message":{"message_id":4,"date":1,
        "chat":{"id":42,"type":"private"},"from":{"id":777,"is_bot":true,"first_name":"B"},"caption":"cap",
        "voice":{"file_id":"V"}})");
    EXPECT_EQ(reply.reply_to, MessageId(4));
    EXPECT_EQ(reply.reply_to_text, "cap");
    EXPECT_EQ(reply.reply_to_media->file_id, "V");
    EXPECT_TRUE(reply.replies_to_bot);
    const auto other = message_with(
        R"(,"text":"x","reply_to_message":{"message_id":4,"from":{"id":778},"text":"said"})");
    EXPECT_FALSE(other.replies_to_bot);
    EXPECT_EQ(other.reply_to_text, "said");
    const auto topic = message_with(
        R"(,"text":"x","reply_to_message":{"message_id":4,"from":{"id":777},"forum_topic_created":{}})");
    EXPECT_FALSE(topic.reply_to);
    EXPECT_FALSE(topic.replies_to_bot);
}

TEST_F(TelegramUpdates, AChatThatSpeaksAsItselfHasNoSender) {
    EXPECT_FALSE(message_with(R"(,"text":"x","sender_chat":{"id":-100,"type":"supergroup"})").from);
}

TEST_F(TelegramUpdates, AButtonPressIsRead) {
    const auto update =
        read(R"({"update_id":11,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":42},
        "data":"voice:ru","chat_instance":"1","message":{"message_id":9,"date":0,"chat":{"id":42,"type":"private"}}}})");
    const auto& query = std::get<CallbackQuery>(update.content);
    EXPECT_EQ(query.id, "4382bfdwdsb323b2d9");
    EXPECT_EQ(query.from.id, TelegramId(42));
    EXPECT_EQ(query.data, "voice:ru");
    EXPECT_EQ(query.chat->id, ChatId(42));
    EXPECT_EQ(query.message, MessageId(9));
}

TEST_F(TelegramUpdates, AButtonPressMayLackMessageAndData) {
    const auto update =
        read(R"({"update_id":11,"callback_query":{"id":"1","from":{"id":42},"data":")" +
             std::string(65, 'x') + R"(","inline_message_id":"z"}})");
    const auto& query = std::get<CallbackQuery>(update.content);
    EXPECT_EQ(query.data, "");
    EXPECT_FALSE(query.chat);
    EXPECT_FALSE(query.message);
}

TEST_F(TelegramUpdates, WhatCannotBeReadIsPassedOverButCanBeConfirmed) {
    const std::string base = R"("message_id":5,"date":1,"chat":{"id":42,"type":"private"})";
    const std::string contents[] = {
        "\"edited_message\":{}",
        "\"message\":null",
        "\"message\":[]",
        "\"message\":{}",
        R"("message":{"message_id":0,"date":1,"chat":{"id":42,"type":"private"}})",
        R"("message":{"message_id":5,"chat":{"id":42,"type":"private"}})",
        R"("message":{"message_id":5,"date":-1,"chat":{"id":42,"type":"private"}})",
        R"("message":{"message_id":5,"date":9223372036854775807,"chat":{"id":42,"type":"private"}})",
        R"("message":{"message_id":5,"date":1,"chat":{"id":42.5,"type":"private"}})",
        R"("message":{"message_id":5,"date":1,"chat":{"id":9223372036854775807,"type":"private"}})",
        R"("message":{"message_id":5,"date":1,"chat":{"id":42,"type":"moon"}})",
        R"("message":{"message_id":5,"date":1,"chat":{"id":42}})",
        "\"message\":{" + base + R"(,"from":{"id":"42"}})",
        "\"message\":{" + base + R"(,"from":{"id":-42}})",
        "\"message\":{" + base + R"(,"text":{"a":1}})",
        "\"message\":{" + base + R"(,"text":")" + std::string(70'000, 'x') + "\"}",
        R"("callback_query":{"id":"","from":{"id":42}})",
        R"("callback_query":{"id":7,"from":{"id":42}})",
        R"("callback_query":{"id":"1"})",
    };
    for (const auto& content : contents) {
        const auto update = read("{\"update_id\":12," + content + "}");
        EXPECT_EQ(update.id, UpdateId(12));
        EXPECT_TRUE(std::holds_alternative<std::monostate>(update.content))
            << content.substr(0, 90);
    }
}

TEST_F(TelegramUpdates, AnAnswerThatCannotBeConfirmedIsOneError) {
    for (const auto* result :
         {"{}", "null", "[1]", "[{}]", R"([{"update_id":"5"}])", R"([{"update_id":-5}])",
          R"([{"update_id":9223372036854775807}])", R"([{"update_id":1},{"update_id":1.5}])"}) {
        const auto updates = read_updates(json::parse(result), bot);
        ASSERT_FALSE(updates.ok()) << result;
        EXPECT_NE(updates.error().failure, Failure::not_sent);
    }
    const auto none = read_updates(json::parse("[]"), bot);
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE(none->empty());
}

const std::string sample =
    R"({"ok":true,"result":[{"update_id":870000001,"message":{"message_id":1365,
"from":{"id":42,"is_bot":false,"first_name":"A","username":"a","language_code":"ru"},
"chat":{"id":42,"type":"private"},"date":1700000000,"caption":"c","voice":{"file_id":"V","duration":5,
"mime_type":"audio/ogg","file_size":5000},"reply_to_message":{"message_id":4,"from":{"id":777},"text":"t"},
"forward_origin":{"type":"user"}}},{"update_id":870000002,"callback_query":{"id":"1","from":{"id":42},
"data":"d","message":{"message_id":9,"chat":{"id":-5,"type":"group"}}}}]})";

/// Reads a body as getUpdates' answer; whatever comes, it is a value.
void read_as_answer(const std::string& body) {
    HttpAnswer response;
    response.status = 200;
    response.body = body;
    const auto reply = read_reply(response);
    if (!reply.ok()) return;
    const auto updates = read_updates(*reply, bot);
    if (!updates.ok()) return;
    for (const auto& update : *updates) {
        RC_ASSERT(update.id.value() >= 0);
        if (const auto* message = std::get_if<IncomingMessage>(&update.content))
            RC_ASSERT(message->id.value() > 0 && message->chat.id.value() != 0);
    }
}

TEST_F(TelegramUpdates, NoBytesCanBreakTheParser) {
    EXPECT_TRUE(rc::check("random bytes", [](const std::string& bytes) { read_as_answer(bytes); }));
    EXPECT_TRUE(rc::check("a damaged answer", [] {
        auto damaged = sample;
        const auto hits = *rc::gen::inRange(1, 8);
        for (int i = 0; i < hits; ++i) {
            const auto at = *rc::gen::inRange<std::size_t>(0, damaged.size());
            damaged[at] = *rc::gen::element('"', '{', '}', '[', ']', ',', ':', '-', '9', 'e', 'x',
                                            '\0', '\xff');
        }
        read_as_answer(damaged);
    }));
    for (std::size_t length = 0; length <= sample.size(); ++length)
        read_as_answer(sample.substr(0, length));
}

/// The sample with one of its values, found by counting, replaced.
void replace(json::value& value, int& countdown, const json::value& by) {
    if (countdown-- == 0) {
        value = by;
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object) replace(member.value(), countdown, by);
    } else if (auto* array = value.if_array()) {
        for (auto& element : *array) replace(element, countdown, by);
    }
}

TEST_F(TelegramUpdates, NoValueInAnyPlaceCanBreakTheParser) {
    const json::value lies[] = {nullptr,
                                true,
                                0,
                                -1,
                                1.5,
                                std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::uint64_t>::max(),
                                "",
                                "text",
                                json::array(),
                                json::object(),
                                json::string(100'000, 'x')};
    for (const auto& lie : lies)
        for (int place = 0; place < 60; ++place) {
            auto lying = json::parse(sample);
            int countdown = place;
            replace(lying, countdown, lie);
            read_as_answer(json::serialize(lying));
        }
}

}  // namespace
}  // namespace mlbilling::telegram
