// Forms that a bot sends to the sandbox.
#include "fuzz/fuzz_target.hpp"
#include "sandbox/multipart.hpp"

using namespace mlbilling;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::bytes_of(data, size);
    const auto end = text.find('\n');
    const auto type = text.substr(0, end);
    const auto body = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (const auto parts = sandbox::parse_multipart(type, body))
        for (const auto& part : *parts) CHECK(part.body.size() <= body.size());
    return 0;
}
