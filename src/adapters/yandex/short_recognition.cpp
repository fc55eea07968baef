#include "adapters/yandex/short_recognition.hpp"

#include <utility>

#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/prices.hpp"

namespace mlbilling::yandex {

using Kind = ProviderFailure::Kind;

Async<Provided<Transcript>> ShortRecognition::recognize(std::string ogg_opus,
                                                        std::string_view language,
                                                        Duration duration, Time deadline) {
    const auto wait = co_await gate_.pass(deadline);
    if (wait > Duration(0)) co_return out_of_quota("recognitions", wait);
    KitCall call;
    call.url = options_.recognition_url + "/speech/v1/stt:recognize?lang=" + std::string(language) +
               "&topic=general&format=oggopus";
    if (!options_.folder.empty()) call.url += "&folderId=" + options_.folder;
    call.content_type = "audio/ogg";
    call.body = std::move(ogg_opus);
    auto answer = co_await kit_.call(std::move(call), deadline);
    const auto price = cost_of_short_recognition(tariff_at(clock_.now()), duration);
    if (auto* failed = std::get_if<KitFailure>(&answer)) {
        if (failed->may_be_billed) failed->failure.cost = price;
        co_return std::move(failed->failure);
    }
    const auto object = parse_object(std::get<HttpAnswer>(answer).body);
    if (!object || !object->contains("result"))
        co_return ProviderFailure{Kind::down, "an answer without a result", price};
    co_return Transcript{std::string(text_in(*object, "result")), {"yandex", price}};
}

}  // namespace mlbilling::yandex
