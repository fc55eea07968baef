// What a button or a command says, which anybody can make up. What can be read is written and read
// again as the same.
#include "bot/button.hpp"
#include "bot/command.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::bytes_of(data, size);
    if (const auto action = bot::parse_button(text)) {
        const auto written = bot::button_data(*action);
        CHECK(!written.empty() && written.size() <= 64);
        CHECK(bot::parse_button(written) == action);
    }
    return 0;
}
