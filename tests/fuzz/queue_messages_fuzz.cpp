// Tasks of any producer, and replies. What can be read is written and read again as the same.
#include "fuzz/fuzz_target.hpp"
#include "protocol/messages.hpp"

using namespace mlbilling;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = fuzz::bytes_of(data, size);
    if (const auto task = parse_task_message(body)) {
        CHECK(is_task_id(task->task.value()));
        const auto again = parse_task_message(encode(*task));
        CHECK(again && *again == *task);
    }
    if (const auto reply = parse_reply_message(body)) {
        const auto again = parse_reply_message(encode(*reply));
        CHECK(again && *again == *reply);
    }
    static_cast<void>(is_reply_queue(body));
    return 0;
}
