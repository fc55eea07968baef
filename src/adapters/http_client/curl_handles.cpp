#include "adapters/http_client/curl_handles.hpp"

#include <utility>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// A burst's handles are not kept for good.
constexpr std::size_t most_idle = 16;

}  // namespace

CurlHandles::Handle CurlHandles::take() {
    if (!idle_.empty()) {
        auto easy = std::move(idle_.back());
        idle_.pop_back();
        return easy;
    }
    Handle easy(curl_easy_init());
    CHECK(easy != nullptr);
    return easy;
}

void CurlHandles::give_back(Handle easy) {
    if (idle_.size() >= most_idle) return;
    // Passwords and bodies are not kept either.
    curl_easy_reset(easy.get());
    idle_.push_back(std::move(easy));
}

}  // namespace mlbilling
