// A `.env` as people write it.
#include "fuzz/fuzz_target.hpp"
#include "main/environment.hpp"

using namespace mlbilling;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto environment = parse_env_file(fuzz::bytes_of(data, size));
    if (!environment) {
        CHECK(!environment.error().message.empty());
        return 0;
    }
    for (const auto& [name, value] : *environment) CHECK(!name.empty());
    return 0;
}
