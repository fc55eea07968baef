#include "adapters/yandex/long_recognition.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/prices.hpp"
#include "adapters/yandex/transcript.hpp"
#include "base/log.hpp"

namespace mlbilling::yandex {

namespace asio = boost::asio;
namespace json = boost::json;
using Kind = ProviderFailure::Kind;

namespace {

/// Of the request, in which the recording stands as base64.
constexpr std::size_t largest_body = 60'000'000;
/// Four hours of words with their times, plain and refined.
constexpr std::size_t largest_transcript = std::size_t{64} << 20;
constexpr Duration longest_removal{5'000};
/// A minute of speech takes about 10 s.
constexpr int speech_per_work = 6;
/// What the shortest recording takes.
constexpr Duration usual_work{5'000};
constexpr int messages_per_turn = 50;

bool may_pass(const ProviderFailure& failure) {
    return failure.kind == Kind::busy || failure.kind == Kind::down;
}

/// The operation is at work or done; only we came too late to it, or too often.
ProviderFailure to_be_resumed(ProviderFailure failure) {
    failure.goes_on = failure.kind == Kind::busy;
    // Its place in line it has had.
    failure.in_line.reset();
    return failure;
}

ProviderFailure too_large(std::string detail) {
    ProviderFailure failure{Kind::refused, std::move(detail), {}};
    failure.input = ProviderFailure::Input::too_large;
    return failure;
}

Duration first_pause(Duration recording) {
    return std::clamp<Duration>(recording / speech_per_work / 2, Duration(500), Duration(10'000));
}

}  // namespace

std::string recognition_body(std::string_view ogg_opus, std::string_view language) {
    const json::object container{{"containerAudioType", "OGG_OPUS"}};
    const json::object model{
        {"model", "general"},
        {"audioFormat", json::object{{"containerAudio", container}}},
        // Said outright: the documents disagree about what it is by default.
        {"textNormalization", json::object{{"textNormalization", "TEXT_NORMALIZATION_ENABLED"},
                                           {"profanityFilter", false},
                                           {"literatureText", true}}},
        {"languageRestriction",
         json::object{{"restrictionType", "WHITELIST"}, {"languageCode", json::array{language}}}}};
    // Not by json::serialize, which would look at every letter of the recording for escapes.
    return R"({"content":")" + base64(ogg_opus) + R"(","recognitionModel":)" +
           json::serialize(model) + '}';
}

Async<Provided<Transcript>> LongRecognition::recognize(LongRecording recording, Time deadline) {
    if (is_operation_id(recording.operation)) {
        auto outcome = co_await resume(recording.operation, Duration(0), deadline);
        if (auto* transcript = std::get_if<Transcript>(&outcome)) co_return std::move(*transcript);
        if (auto* failure = std::get_if<ProviderFailure>(&outcome)) co_return std::move(*failure);
        log::info("operation begun anew", {{"forgotten", recording.operation}});
    }
    co_return co_await begin(std::move(recording), deadline);
}

Async<LongRecognition::Outcome> LongRecognition::resume(std::string operation, Duration pause,
                                                        Time deadline) {
    auto end = co_await operations_.wait_for(operation, pause, deadline);
    if (std::holds_alternative<OperationUnknown>(end)) co_return Gone{};
    if (auto* failure = std::get_if<ProviderFailure>(&end)) co_return to_be_resumed(*failure);
    if (auto* failed = std::get_if<OperationFailed>(&end)) {
        // It will not come to anything any more, however often it is asked.
        if (may_pass(failed->failure)) co_return Gone{};
        co_return std::move(failed->failure);
    }
    auto fetched = co_await fetch(operation, deadline);
    if (auto* failure = std::get_if<ProviderFailure>(&fetched)) co_return to_be_resumed(*failure);
    if (std::holds_alternative<Transcript>(fetched)) co_await remove(operation, deadline);
    co_return fetched;
}

Async<Provided<Transcript>> LongRecognition::begin(LongRecording recording, Time deadline) {
    const auto price = cost_of_long_recognition(tariff_at(clock_.now()), recording.duration);
    auto body = recognition_body(recording.ogg_opus, recording.language);
    if (body.size() > largest_body) co_return too_large("the recording is larger than 60 MB");
    auto submitted =
        co_await submit_in_turn(recording.place, std::move(body), recording.duration, deadline);
    if (auto* failure = std::get_if<ProviderFailure>(&submitted)) co_return std::move(*failure);
    const auto operation = std::get<std::string>(std::move(submitted));
    // Paid for from here on: first of all it must not be forgotten.
    if (recording.on_operation) co_await recording.on_operation(operation);
    auto outcome = co_await resume(operation, first_pause(recording.duration), deadline);
    if (auto* transcript = std::get_if<Transcript>(&outcome)) {
        transcript->bill.cost = price;
        co_return std::move(*transcript);
    }
    if (auto* failure = std::get_if<ProviderFailure>(&outcome)) {
        failure->cost = price;
        co_return std::move(*failure);
    }
    co_return ProviderFailure{Kind::down, "the operation failed or was forgotten at once", price};
}

Async<LongRecognition::Submitted> LongRecognition::submit_in_turn(QuotaPlace place,
                                                                  std::string body,
                                                                  Duration recording,
                                                                  Time deadline) {
    const auto wait = co_await line_.pass(place, deadline);
    if (wait > Duration(0))
        co_return out_of_quota("recordings", wait, usual_work + recording / speech_per_work);
    const auto price = cost_of_long_recognition(tariff_at(clock_.now()), recording);
    auto submitted = co_await submit(std::move(body), price, deadline);
    auto* failed = std::get_if<KitFailure>(&submitted);
    if (failed == nullptr) co_return std::get<std::string>(std::move(submitted));
    // What Yandex did not begin it does not count: the next attempt need not wait again.
    if (!failed->may_be_billed) co_await line_.give_back(std::move(place.holder));
    co_return std::move(failed->failure);
}

Async<std::variant<std::string, KitFailure>> LongRecognition::submit(std::string body,
                                                                     MicroRoubles price,
                                                                     Time deadline) {
    KitCall call;
    call.url = options_.recognition_url + "/stt/v3/recognizeFileAsync";
    call.content_type = "application/json";
    call.body = std::move(body);
    auto answer = co_await kit_.call(std::move(call), deadline);
    if (auto* failed = std::get_if<KitFailure>(&answer)) {
        if (failed->may_be_billed) failed->failure.cost = price;
        co_return std::move(*failed);
    }
    const auto operation = parse_object(std::get<HttpAnswer>(answer).body);
    if (operation) {
        const auto id = text_in(*operation, "id");
        if (is_operation_id(id)) co_return std::string(id);
    }
    co_return KitFailure{{Kind::down, "an operation without an id", price}, 200, true};
}

Async<LongRecognition::Outcome> LongRecognition::fetch(std::string operation, Time deadline) {
    KitCall call;
    call.method = HttpMethod::get;
    call.url = options_.recognition_url + "/stt/v3/getRecognition?operationId=" + operation;
    call.repeatable = true;
    call.largest_answer = largest_transcript;
    auto answer = co_await kit_.call(std::move(call), deadline);
    if (auto* failed = std::get_if<KitFailure>(&answer)) {
        if (failed->status == 404) co_return Gone{};
        co_return std::move(failed->failure);
    }
    const auto body = std::move(std::get<HttpAnswer>(answer).body);
    TranscriptAssembly assembly;
    JsonStream stream(body);
    int messages = 0;
    bool told = false;
    while (const auto message = stream.next()) {
        if (auto failure = failure_in(*message)) co_return *std::move(failure);
        if (const auto* result = object_in(*message, "result")) {
            assembly.add(*result);
            told = told || tells_of_speech(*result);
        }
        // Hours of speech are megabytes: others have their turn in between.
        if (++messages % messages_per_turn == 0)
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    if (!stream.intact())
        co_return ProviderFailure{Kind::down, "the stream of the transcript broke off", {}};
    // Silence is told, too; nothing at all is no transcript, and what is paid for is not removed.
    if (!told) co_return ProviderFailure{Kind::down, "an answer without a transcript", {}};
    co_return Transcript{assembly.text(), {"yandex", {}}};
}

Async<void> LongRecognition::remove(std::string operation, Time deadline) {
    KitCall call;
    call.method = HttpMethod::remove;
    call.url = options_.recognition_url + "/stt/v3/deleteRecognition?operationId=" + operation;
    call.repeatable = true;
    const auto until = std::min(deadline, clock_.now() + longest_removal);
    const auto answer = co_await kit_.call(std::move(call), until);
    if (const auto* failed = std::get_if<KitFailure>(&answer))
        log::info("transcript left at the provider", {{"error", failed->failure.detail}});
}

}  // namespace mlbilling::yandex
