#include "adapters/http_client/curl_upload.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {

std::size_t CurlUpload::on_read(char* place, std::size_t size, std::size_t count,
                                void* self) noexcept {
    return static_cast<CurlUpload*>(self)->give(place, size * count);
}

int CurlUpload::on_seek(void* self, curl_off_t offset, int origin) noexcept {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    return static_cast<CurlUpload*>(self)->seek(offset);
}

std::size_t CurlUpload::give(char* place, std::size_t room) {
    if (is_used_up()) return 0;
    if (given_ == piece_.size()) {
        hungry_ = true;
        wake_();
        return CURL_READFUNC_PAUSE;
    }
    const auto count = std::min(room, piece_.size() - given_);
    std::memcpy(place, piece_.data() + given_, count);
    given_ += count;
    return count;
}

int CurlUpload::seek(curl_off_t offset) {
    const auto first = static_cast<curl_off_t>(before_);
    if (offset < first || offset > first + static_cast<curl_off_t>(piece_.size()))
        return CURL_SEEKFUNC_CANTSEEK;
    given_ = static_cast<std::size_t>(offset - first);
    return CURL_SEEKFUNC_OK;
}

Async<bool> CurlUpload::feed() {
    const auto left = size() - before_ - piece_.size();
    if (left == 0) co_return true;
    auto next = co_await content_->read();
    CHECK(!next.empty() && next.size() <= left);
    before_ += piece_.size();
    piece_ = std::move(next);
    given_ = 0;
    hungry_ = false;
    co_return true;
}

}  // namespace mlbilling
