// What getUpdates and the other methods answer, and what a webhook brings.
#include <boost/json.hpp>

#include "adapters/telegram/bounded_json.hpp"
#include "adapters/telegram/reply.hpp"
#include "adapters/telegram/results.hpp"
#include "adapters/telegram/update_parser.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::bytes_of(data, size);
    const BotId bot(7);
    if (const auto json = telegram::parse_bounded(text)) {
        const auto updates = telegram::read_updates(*json, bot);
        const auto update = telegram::read_update(*json, bot);
        static_cast<void>(telegram::read_identity(*json));
        static_cast<void>(telegram::read_sent(*json));
        static_cast<void>(telegram::read_remote_file(*json, false));
        static_cast<void>(telegram::read_webhook_info(*json));
    }
    HttpAnswer answer;
    answer.status = size > 0 && data[0] % 2 == 0 ? 200 : 429;
    answer.body = text;
    static_cast<void>(telegram::read_reply(answer));
    return 0;
}
