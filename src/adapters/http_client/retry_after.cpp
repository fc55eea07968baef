#include "adapters/http_client/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace mlbilling {
namespace {

constexpr Duration second{1'000};
/// The task's own deadline is an hour: what asks for more will be asked again.
constexpr Duration longest_retry_after{300'000};

}  // namespace

Duration pause_asked_for(const HttpAnswer& answer, Time now) {
    if (answer.status != 429 && answer.status != 503) return Duration(0);
    const std::string text(answer.header("retry-after"));
    std::int64_t seconds = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, seconds);
    if (read.ec == std::errc::result_out_of_range) return longest_retry_after;
    if (read.ec == std::errc() && read.ptr == end) {
        const auto bounded = std::clamp<std::int64_t>(seconds, 0, longest_retry_after / second);
        return bounded * second;
    }
    std::tm moment{};
    const char* rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &moment);
    if (rest == nullptr || *rest != '\0') return Duration(0);
    const Time until{std::chrono::seconds(timegm(&moment))};
    return std::clamp<Duration>(until - now, Duration(0), longest_retry_after);
}

}  // namespace mlbilling
