#include "sandbox/page_json.hpp"

#include <boost/json.hpp>

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }

json::value file_view(const Message& message) {
    if (!message.file) return nullptr;
    const auto& file = *message.file;
    return json::object{{"url", "/sandbox/api/files/" + file.key},
                        {"name", file.name},
                        {"mime", file.mime},
                        {"size", file.size},
                        {"duration", file.duration}};
}

json::array keyboard_view(const Keyboard& keyboard) {
    json::array rows;
    for (const auto& row : keyboard) {
        json::array buttons;
        for (const auto& button : row) {
            json::object view{{"text", button.text}, {"data", button.data}};
            if (!button.url.empty()) view["url"] = button.url;
            buttons.push_back(std::move(view));
        }
        rows.push_back(std::move(buttons));
    }
    return rows;
}

}  // namespace

json::object person_view(const Person& person) {
    return {{"id", person.id},
            {"first_name", person.first_name},
            {"username", person.username},
            {"language_code", person.language_code},
            {"chat_id", person.id},
            {"blocked", person.blocked},
            {"forbids_voice", person.forbids_voice}};
}

json::object message_view(const Message& message) {
    json::object view{{"id", message.id},
                      {"sequence", message.sequence},
                      {"from", message.from_bot ? "bot" : "user"},
                      {"from_id", message.from_id},
                      {"date", milliseconds(message.date) / 1000},
                      {"text", message.text},
                      {"caption", message.caption},
                      {"edited", message.edited.has_value()},
                      {"forwarded", message.forwarded},
                      {"kind", name_of(message.kind())}};
    view["reply_to"] = message.reply_to ? json::value(*message.reply_to) : json::value(nullptr);
    view["topic"] = message.topic ? json::value(*message.topic) : json::value(nullptr);
    view["file"] = file_view(message);
    view["keyboard"] = keyboard_view(message.keyboard);
    return view;
}

json::object chat_view(const Chat& chat, std::uint64_t after, Time now) {
    json::array messages;
    for (const auto& [id, message] : chat.messages) {
        if (message.sequence > after) messages.push_back(message_view(message));
    }
    json::array deleted;
    for (const auto& [sequence, id] : chat.deleted) {
        if (sequence > after) deleted.push_back(id);
    }
    json::array toasts;
    for (const auto& toast : chat.toasts) {
        if (toast.sequence > after) {
            toasts.push_back(json::object{{"sequence", toast.sequence}, {"text", toast.text}});
        }
    }
    json::value action(nullptr);
    if (chat.action && chat.action->until > now) {
        action = json::object{{"action", chat.action->name},
                              {"until", milliseconds(chat.action->until)}};
    }
    json::object view{{"sequence", chat.sequence}};
    view["messages"] = std::move(messages);
    view["deleted"] = std::move(deleted);
    view["action"] = std::move(action);
    view["toasts"] = std::move(toasts);
    return view;
}

json::array record_view(const Chat& chat) {
    json::array entries;
    for (const auto& entry : chat.record) {
        entries.push_back(json::object{{"sequence", entry.sequence},
                                       {"method", entry.method},
                                       {"message_id", entry.message_id},
                                       {"text", entry.text},
                                       {"caption", entry.caption},
                                       {"kind", name_of(entry.kind)},
                                       {"file_unique_id", entry.file_unique_id},
                                       {"size", entry.size},
                                       {"duration", entry.duration},
                                       {"at", milliseconds(entry.at)}});
    }
    return entries;
}

json::object fault_view(const Fault& fault) {
    return {{"method", fault.method},
            {"kind", name_of(fault.kind)},
            {"count", fault.count},
            {"retry_after", fault.retry_after},
            {"description", fault.description},
            {"delay_ms", fault.delay.count()}};
}

json::object commands_view(const Commands& commands) {
    json::object lists;
    for (const auto& [key, list] : commands.all()) {
        if (key.first != "default") continue;
        json::array out;
        for (const auto& command : list) {
            out.push_back(
                json::object{{"command", command.command}, {"description", command.description}});
        }
        lists[key.second] = std::move(out);
    }
    return lists;
}

}  // namespace mlbilling::sandbox
