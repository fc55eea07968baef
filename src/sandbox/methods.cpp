#include "sandbox/methods.hpp"

#include <map>

namespace mlbilling::sandbox {

Method method_named(const std::string& lower_case_name) {
    static const std::map<std::string, Method> methods{
        {"getme", get_me},
        {"sendmessage", send_message},
        {"sendvoice", send_voice},
        {"sendaudio", send_audio},
        {"senddocument", send_document},
        {"editmessagetext", edit_message_text},
        {"editmessagereplymarkup", edit_message_reply_markup},
        {"deletemessage", delete_message},
        {"sendchataction", send_chat_action},
        {"answercallbackquery", answer_callback_query},
        {"setmycommands", set_my_commands},
        {"getmycommands", get_my_commands},
        {"deletemycommands", delete_my_commands},
        {"getfile", get_file},
        {"setwebhook", set_webhook},
        {"deletewebhook", delete_webhook},
        {"getwebhookinfo", get_webhook_info},
    };
    const auto found = methods.find(lower_case_name);
    return found == methods.end() ? nullptr : found->second;
}

}  // namespace mlbilling::sandbox
