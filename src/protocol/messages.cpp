#include "protocol/messages.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "protocol/flat_object.hpp"
#include "texts/failure_text.hpp"

namespace mlbilling {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_queue_name = 255;
/// In messages of our own: which task is meant.
constexpr const char* task_header = "x-task";
/// A task's id with its suffix.
constexpr std::size_t longest_row_id = longest_task_id + 12;
constexpr std::size_t longest_key = 256;
constexpr std::size_t most_result_files = 1000;

UnreadableMessage unusable(std::string reason, std::optional<TaskId> task = std::nullopt) {
    return {UnreadableMessage::Kind::unusable, std::move(reason), std::move(task)};
}

/// The field when it is there and of that kind.
template <class T>
const T* field(const FlatObject& object, std::string_view name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : std::get_if<T>(&found->second);
}

Result<FlatObject, UnreadableMessage> parse_object(std::string_view body) {
    const auto kind = UnreadableMessage::Kind::not_an_object;
    if (body.size() > longest_body)
        return UnreadableMessage{kind, "the message is larger than 2 MiB", std::nullopt};
    auto object = parse_flat_object(body);
    if (!object) return UnreadableMessage{kind, object.error().message, std::nullopt};
    return *std::move(object);
}

bool is_safe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const auto point = utf8::first(text);
        if (!point.valid || static_cast<unsigned char>(text.front()) < 0x20) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

/// What its producer calls the task.
TaskId outside_name(const TaskRecord& task) {
    return task.payload.asked_as.empty() ? task.id : TaskId(task.payload.asked_as);
}

/// Our bot finds its task by what the reply is correlated with.
std::string correlation_of(const TaskRecord& task) {
    return task.payload.correlation.empty() ? outside_name(task).value() : task.payload.correlation;
}

/// Success when the task completed with what it made, error when it ended otherwise.
FailureReason failure_of(const TaskRecord& task) {
    if (task.failure != FailureReason::none) return task.failure;
    if (task.status == TaskStatus::cancelled) return FailureReason::cancelled;
    if (task.status == TaskStatus::expired) return FailureReason::expired;
    return FailureReason::provider_failed;
}

}  // namespace

bool is_task_id(std::string_view id) {
    return !id.empty() && id.size() <= longest_task_id && id.front() != '.' &&
           std::all_of(id.begin(), id.end(), is_safe);
}

bool is_reply_queue(std::string_view name) {
    return !name.empty() && name.size() <= longest_queue_name && is_plain_text(name) &&
           name != task_queue().value() && name != dead_letter_queue().value();
}

std::string encode(const TaskMessage& message) {
    return json::serialize(json::object{{"user_id", message.user.value()},
                                        {"type", to_string(message.type)},
                                        {"task_id", message.task.value()},
                                        {"data", message.data}});
}

std::string encode(const ReplyMessage& message) {
    json::object object{{"status", message.success ? "success" : "error"},
                        {"message", message.message}};
    if (message.type) object["type"] = to_string(*message.type);
    if (!message.result_files.empty()) object["result_file"] = message.result_files.front();
    if (message.result_files.size() > 1)
        object["result_files"] =
            json::array(message.result_files.begin(), message.result_files.end());
    object["cost"] = message.cost.value();
    object["task_id"] = message.task.value();
    return json::serialize(object);
}

Result<TaskMessage, UnreadableMessage> parse_task_message(std::string_view body) {
    const auto object = parse_object(body);
    if (!object) return object.error();
    const auto* task_name = field<std::string>(*object, "task_id");
    if (task_name == nullptr || !is_task_id(*task_name))
        return unusable("task_id must be 1 to 64 of A-Z a-z 0-9 . _ - and not begin with a dot");
    const TaskId task(*task_name);
    const auto* user = field<std::int64_t>(*object, "user_id");
    if (user == nullptr || *user <= 0)
        return unusable("user_id must be a positive whole number", task);
    const auto* type_name = field<std::string>(*object, "type");
    const auto type = type_name == nullptr ? std::nullopt : parse_task_type(*type_name);
    if (!type) return unusable("type must be \"text\" or \"voice\"", task);
    const auto* data = field<std::string>(*object, "data");
    if (data == nullptr || data->empty() || data->size() > longest_data)
        return unusable("data must be a string of 1 to 524288 bytes", task);
    return TaskMessage{TelegramId(*user), *type, task, *data};
}

Result<ReplyMessage, UnreadableMessage> parse_reply_message(std::string_view body) {
    const auto object = parse_object(body);
    if (!object) return object.error();
    ReplyMessage reply;
    const auto* status = field<std::string>(*object, "status");
    if (status == nullptr || (*status != "success" && *status != "error"))
        return unusable("status must be \"success\" or \"error\"");
    reply.success = *status == "success";
    const auto* task = field<std::string>(*object, "task_id");
    if (task == nullptr || !is_task_id(*task)) return unusable("task_id is missing or no task id");
    reply.task = TaskId(*task);
    const auto* cost = field<std::int64_t>(*object, "cost");
    const auto credits = cost == nullptr ? std::nullopt : Credits::from(*cost);
    if (!credits || *credits < Credits(0))
        return unusable("cost must be a whole number of credits");
    reply.cost = *credits;
    if (const auto* message = field<std::string>(*object, "message")) reply.message = *message;
    if (const auto* type = field<std::string>(*object, "type")) reply.type = parse_task_type(*type);
    if (const auto* files = field<std::vector<std::string>>(*object, "result_files"))
        reply.result_files = *files;
    else if (const auto* file = field<std::string>(*object, "result_file"))
        reply.result_files = {*file};
    const auto too_long = [](const std::string& key) { return key.size() > longest_key; };
    if (reply.result_files.size() > most_result_files ||
        std::ranges::any_of(reply.result_files, too_long))
        return unusable("result_files has too many or too long keys");
    return reply;
}

Message task_message(const TaskRecord& task) {
    Message message;
    message.body =
        encode(TaskMessage{task.telegram, task.type, outside_name(task), task.payload.data});
    message.message_id = outside_name(task).value();
    message.correlation_id = correlation_of(task);
    message.reply_to = task.reply_to;
    message.headers[task_header] = task.id.value();
    return message;
}

std::optional<TaskId> task_meant(const Message& message) {
    const auto found = message.headers.find(task_header);
    if (found == message.headers.end()) return std::nullopt;
    const auto& id = found->second;
    if (id.empty() || id.size() > longest_row_id || !std::ranges::all_of(id, is_safe))
        return std::nullopt;
    return TaskId(found->second);
}

ReplyMessage reply_to_task(const TaskRecord& task) {
    ReplyMessage reply;
    reply.success = task.status == TaskStatus::completed;
    reply.type = task.type;
    reply.cost = task.cost.value_or(Credits(0));
    reply.task = outside_name(task);
    reply.message =
        reply.success ? task.result.text : failure_text(Language::english, failure_of(task));
    if (reply.success)
        for (const auto& part : task.result.parts) reply.result_files.push_back(part.key.value());
    return reply;
}

Message reply_message(const ReplyMessage& reply, std::string correlation) {
    Message message;
    message.body = encode(reply);
    message.message_id = reply.task.value();
    message.correlation_id = std::move(correlation);
    return message;
}

Message reply_message(const TaskRecord& task) {
    return reply_message(reply_to_task(task), correlation_of(task));
}

}  // namespace mlbilling
