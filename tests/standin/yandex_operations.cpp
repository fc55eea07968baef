#include <boost/json.hpp>

#include "standin/failure.hpp"
#include "standin/tokens.hpp"
#include "standin/transcript_stream.hpp"
#include "standin/yandex_recognition.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr Duration results_are_kept{3 * 24 * 3'600'000};
constexpr std::size_t longest_id = 50;
constexpr int cancelled = 1;
constexpr int internal_error = 13;

HttpResponse unknown(Endpoint endpoint, const std::string& id) {
    return failure(endpoint, Trouble::not_found, "Operation with ID " + id + " not found");
}

}  // namespace

YandexRecognition::Operation* YandexRecognition::find(const std::string& id) {
    const auto found = operations_.find(id);
    if (found == operations_.end()) return nullptr;
    if (clock_.now() < found->second.created + results_are_kept) return &found->second;
    operations_.erase(found);
    return nullptr;
}

std::string YandexRecognition::operation_id_in(const Call& call) {
    // The guides write operation_id, the reference operationId.
    const auto snake = call.query("operation_id");
    return snake.empty() ? call.query("operationId") : snake;
}

std::string YandexRecognition::described(const std::string& id, const Operation& operation) const {
    const auto time = [](Time moment) { return nanosecond_time(moment).substr(0, 19) + "Z"; };
    json::object body{{"id", id},
                      {"description", "STT v3 async recognition"},
                      {"createdAt", time(operation.created)},
                      {"createdBy", "ajestandinaccount001"},
                      {"modifiedAt", time(clock_.now())},
                      {"done", operation.done},
                      {"metadata", nullptr}};
    if (operation.done && operation.error != 0)
        body["error"] = {{"code", operation.error},
                         {"message", operation.error == cancelled ? "cancelled" : "Internal error"},
                         {"details", json::array()}};
    return json::serialize(body);
}

HttpResponse YandexRecognition::operation(const Call& call) {
    constexpr std::string_view prefix = "/operations/";
    constexpr std::string_view cancel = ":cancel";
    auto id = call.request.path.substr(prefix.size());
    const bool cancels = id.ends_with(cancel);
    if (cancels) id.resize(id.size() - cancel.size());
    auto* operation = id.size() <= longest_id ? find(id) : nullptr;
    if (operation == nullptr) return unknown(call.endpoint, id);
    if (cancels && !operation->done) {
        operation->done = true;
        operation->error = cancelled;
    }
    if (!operation->done && operation->polls_left-- <= 0) {
        operation->done = true;
        operation->error = operation->fails ? internal_error : 0;
    }
    return json_answer(described(id, *operation));
}

HttpResponse YandexRecognition::transcript(const Call& call) {
    const auto id = operation_id_in(call);
    const auto* operation = id.size() <= longest_id ? find(id) : nullptr;
    if (operation == nullptr || !operation->done || operation->error != 0)
        return unknown(call.endpoint, id);
    auto heard = operation->heard;
    heard.silent = heard.silent || call.silent;
    return json_answer(transcript_stream({.heard = heard,
                                          .language = operation->language,
                                          .normalised = operation->normalised,
                                          .literature = operation->literature,
                                          .session = "24935f24-0000-4000-8000-000000000000",
                                          .request = id}));
}

HttpResponse YandexRecognition::remove(const Call& call) {
    const auto id = operation_id_in(call);
    if (find(id) == nullptr) return unknown(call.endpoint, id);
    operations_.erase(id);
    return json_answer("{}");
}

}  // namespace mlbilling::standin
