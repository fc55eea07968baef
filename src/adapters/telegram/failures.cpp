#include "adapters/telegram/failures.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "domain/names.hpp"

namespace mlbilling::telegram {
namespace {

struct Row {
    /// 0 for any code below 500.
    int code;
    /// A part of the description in lower case; empty for any.
    std::string_view part;
    Failure failure;
};

// The first row that fits decides. The 400 rows also catch what the server turns from 403 into 400.
constexpr std::array rows{
    Row{429, "", Failure::too_many_requests},
    Row{409, "", Failure::conflict},
    Row{413, "", Failure::too_large},
    Row{401, "", Failure::unauthorized},
    Row{404, "method not found", Failure::bad_request},
    // A token of a wrong form is answered "Not Found" instead of "Unauthorized".
    Row{404, "", Failure::unauthorized},
    // Another server of theirs should have been asked; nothing was done.
    Row{421, "", Failure::not_sent},

    Row{0, "voice_messages_forbidden", Failure::voice_forbidden},
    Row{0, "chat_send_voices_forbidden", Failure::voice_forbidden},
    Row{0, "chat_send_audios_forbidden", Failure::voice_forbidden},
    Row{0, "chat_send_docs_forbidden", Failure::voice_forbidden},
    Row{0, "not enough rights to send voice", Failure::voice_forbidden},
    Row{0, "not enough rights to send audio", Failure::voice_forbidden},
    Row{0, "not enough rights to send document", Failure::voice_forbidden},

    Row{0, "message is not modified", Failure::not_modified},
    Row{0, "message to edit not found", Failure::message_gone},
    Row{0, "message to delete not found", Failure::message_gone},
    Row{0, "message can't be edited", Failure::message_gone},
    Row{0, "message can't be deleted", Failure::message_gone},
    // Before the id of a message of our own, whose words stand within theirs.
    Row{0, "message to be replied not found", Failure::reply_gone},
    Row{0, "message to reply not found", Failure::reply_gone},
    Row{0, "replied message not found", Failure::reply_gone},
    Row{0, "message to be replied is not accessible", Failure::reply_gone},
    Row{0, "reply_message_id_invalid", Failure::reply_gone},
    Row{0, "reply_to_invalid", Failure::reply_gone},
    Row{0, "message_id_invalid", Failure::message_gone},
    Row{0, "query is too old", Failure::query_expired},
    Row{0, "query id is invalid", Failure::query_expired},
    Row{0, "query_id_invalid", Failure::query_expired},

    Row{0, "message is too long", Failure::too_large},
    Row{0, "caption is too long", Failure::too_large},
    Row{0, "message_too_long", Failure::too_large},
    Row{0, "caption_too_long", Failure::too_large},
    Row{0, "file is too big", Failure::too_large},
    Row{0, "too large", Failure::too_large},
    Row{0, "wrong file_id", Failure::file_unavailable},
    Row{0, "wrong file identifier", Failure::file_unavailable},
    Row{0, "wrong remote file", Failure::file_unavailable},
    Row{0, "invalid file_id", Failure::file_unavailable},
    Row{0, "file_id_invalid", Failure::file_unavailable},
    Row{0, "file_reference_", Failure::file_unavailable},
    Row{0, "temporarily unavailable", Failure::file_unavailable},

    Row{0, "topic_closed", Failure::topic_closed},
    Row{0, "topic_deleted", Failure::topic_closed},
    Row{0, "topic_id_invalid", Failure::topic_closed},
    Row{0, "topic closed", Failure::topic_closed},
    Row{0, "message thread not found", Failure::topic_closed},
    Row{0, "message_thread_invalid", Failure::topic_closed},
    Row{0, "thread", Failure::topic_closed},

    Row{0, "chat not found", Failure::chat_not_found},
    Row{0, "user not found", Failure::chat_not_found},
    Row{0, "peer_id_invalid", Failure::chat_not_found},
    Row{0, "chat_write_forbidden", Failure::write_forbidden},
    Row{0, "chat_restricted", Failure::write_forbidden},
    Row{0, "chat_send_plain_forbidden", Failure::write_forbidden},
    Row{0, "not enough rights to send", Failure::write_forbidden},
    Row{0, "no rights to send", Failure::write_forbidden},
    Row{0, "have no rights", Failure::write_forbidden},
    Row{0, "need administrator rights", Failure::write_forbidden},
    Row{0, "chat_admin_required", Failure::write_forbidden},
    Row{0, "not enough rights", Failure::write_forbidden},
    Row{403, "", Failure::forbidden},
    Row{0, "bot was blocked", Failure::forbidden},
    Row{0, "bot was kicked", Failure::forbidden},
    Row{0, "user_is_blocked", Failure::forbidden},
    Row{0, "user is deactivated", Failure::forbidden},
    Row{0, "user_deactivated", Failure::forbidden},
};

constexpr Names<Failure, 19> names{{{Failure::not_sent, "not_sent"},
                                    {Failure::ambiguous, "ambiguous"},
                                    {Failure::too_many_requests, "too_many_requests"},
                                    {Failure::unauthorized, "unauthorized"},
                                    {Failure::conflict, "conflict"},
                                    {Failure::forbidden, "forbidden"},
                                    {Failure::chat_not_found, "chat_not_found"},
                                    {Failure::write_forbidden, "write_forbidden"},
                                    {Failure::reply_gone, "reply_gone"},
                                    {Failure::topic_closed, "topic_closed"},
                                    {Failure::migrated, "migrated"},
                                    {Failure::voice_forbidden, "voice_forbidden"},
                                    {Failure::not_modified, "not_modified"},
                                    {Failure::message_gone, "message_gone"},
                                    {Failure::query_expired, "query_expired"},
                                    {Failure::too_large, "too_large"},
                                    {Failure::file_unavailable, "file_unavailable"},
                                    {Failure::unreadable, "unreadable"},
                                    {Failure::bad_request, "bad_request"}}};

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

}  // namespace

Failure failure_for(int code, std::string_view description) {
    // Whether the server had already acted when it broke is unknown.
    if (code >= 500) return Failure::ambiguous;
    const auto text = lowered(description);
    for (const auto& row : rows)
        if ((row.code == 0 || row.code == code) && text.find(row.part) != std::string::npos)
            return row.failure;
    return Failure::bad_request;
}

Failure failure_for_foreign_answer(int status) {
    if (status == 413) return Failure::too_large;
    if (status == 429) return Failure::too_many_requests;
    // A proxy or portal that refuses or redirects has not passed the request on. All else (a page
    // with status 200, a gateway's 502) may hide that it was.
    return status >= 300 && status < 500 ? Failure::not_sent : Failure::ambiguous;
}

std::string_view to_string(Failure failure) { return name_of(names, failure); }

}  // namespace mlbilling::telegram
