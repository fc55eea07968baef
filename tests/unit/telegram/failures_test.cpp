#include "adapters/telegram/failures.hpp"

#include <gtest/gtest.h>

namespace mlbilling::telegram {
namespace {

struct Case {
    int code;
    const char* description;
    Failure failure;
};

// The wire texts of telegram.md section 2 and 1.2 to 1.5.
const Case cases[] = {
    {400, "Bad Request: chat not found", Failure::chat_not_found},
    {400, "Bad Request: private chat not found", Failure::chat_not_found},
    {400, "Bad Request: PEER_ID_INVALID", Failure::chat_not_found},
    {400, "Bad Request: message to be replied not found", Failure::reply_gone},
    {400, "Bad Request: REPLY_MESSAGE_ID_INVALID", Failure::reply_gone},
    {400, "Bad Request: TOPIC_CLOSED", Failure::topic_closed},
    {400, "Bad Request: TOPIC_DELETED", Failure::topic_closed},
    {400, "Bad Request: message thread not found", Failure::topic_closed},
    {400, "Bad Request: CHAT_WRITE_FORBIDDEN", Failure::write_forbidden},
    {403, "Forbidden: CHAT_WRITE_FORBIDDEN", Failure::write_forbidden},
    {400, "Bad Request: need administrator rights in the channel chat", Failure::write_forbidden},
    {400, "Bad Request: message text is empty", Failure::bad_request},
    {400, "Bad Request: can't parse entities: Unsupported start tag", Failure::bad_request},
    {400, "Bad Request: BUTTON_DATA_INVALID", Failure::bad_request},
    {400, "", Failure::bad_request},
    {400,
     "Bad Request: message is not modified: specified new message content and reply markup are "
     "exactly the "
     "same as a current content and reply markup of the message",
     Failure::not_modified},
    {400, "Bad Request: message to edit not found", Failure::message_gone},
    {400, "Bad Request: message to delete not found", Failure::message_gone},
    {400, "Bad Request: message can't be deleted for everyone", Failure::message_gone},
    {400, "Bad Request: message can't be edited", Failure::message_gone},
    {400, "Bad Request: query is too old and response timeout expired or query ID is invalid",
     Failure::query_expired},
    {400, "Bad Request: file is too big", Failure::too_large},
    {400, "Bad Request: message is too long", Failure::too_large},
    {400, "Bad Request: message caption is too long", Failure::too_large},
    {413, "Request Entity Too Large", Failure::too_large},
    {400, "Bad Request: wrong file_id or the file is temporarily unavailable",
     Failure::file_unavailable},
    {400, "Bad Request: invalid file_id", Failure::file_unavailable},
    {400, "Bad Request: wrong file identifier/HTTP URL specified", Failure::file_unavailable},
    {400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", Failure::voice_forbidden},
    {400, "bad request: voice_messages_forbidden", Failure::voice_forbidden},
    {400, "Bad Request: CHAT_SEND_VOICES_FORBIDDEN", Failure::voice_forbidden},
    {400, "Bad Request: CHAT_SEND_AUDIOS_FORBIDDEN", Failure::voice_forbidden},
    {403, "Forbidden: CHAT_SEND_DOCS_FORBIDDEN", Failure::voice_forbidden},
    {400, "Bad Request: not enough rights to send voice notes to the chat",
     Failure::voice_forbidden},
    {400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", Failure::write_forbidden},
    {400, "Bad Request: not enough rights to send text messages to the chat",
     Failure::write_forbidden},
    {400, "Bad Request: have no rights to send a message", Failure::write_forbidden},
    {403, "Forbidden: bot was blocked by the user", Failure::forbidden},
    {403, "Forbidden: user is deactivated", Failure::forbidden},
    {403, "Forbidden: bot can't initiate conversation with a user", Failure::forbidden},
    {403, "Forbidden: bot was kicked from the group chat", Failure::forbidden},
    {403, "Forbidden: bot is not a member of the supergroup chat", Failure::forbidden},
    {401, "Unauthorized", Failure::unauthorized},
    {401, "Unauthorized: invalid token specified", Failure::unauthorized},
    {404, "Not Found", Failure::unauthorized},
    {404, "Not Found: method not found", Failure::bad_request},
    {409,
     "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
     "running",
     Failure::conflict},
    {409,
     "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
     "it",
     Failure::conflict},
    {421, "Misdirected Request", Failure::not_sent},
    {429, "Too Many Requests: retry after 5", Failure::too_many_requests},
    {500, "Internal Server Error: restart", Failure::ambiguous},
    {502, "Bad Gateway", Failure::ambiguous},
    {500, "Internal Server Error: chat not found", Failure::ambiguous},
    {504, "", Failure::ambiguous},
};

TEST(TelegramFailures, EveryKnownTextHasItsMeaning) {
    for (const auto& [code, description, failure] : cases)
        EXPECT_EQ(to_string(failure_for(code, description)), to_string(failure))
            << code << " " << description;
}

TEST(TelegramFailures, AnAnswerFromSomethingInBetweenNeverBlamesTheChatOrTheToken) {
    for (const int status : {301, 302, 400, 401, 403, 404, 407, 451})
        EXPECT_EQ(failure_for_foreign_answer(status), Failure::not_sent) << status;
    for (const int status : {0, 200, 204, 500, 502, 503, 504, 520})
        EXPECT_EQ(failure_for_foreign_answer(status), Failure::ambiguous) << status;
    EXPECT_EQ(failure_for_foreign_answer(413), Failure::too_large);
    EXPECT_EQ(failure_for_foreign_answer(429), Failure::too_many_requests);
}

}  // namespace
}  // namespace mlbilling::telegram
