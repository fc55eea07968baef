#include "adapters/http_server/request_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {

void RequestReader::feed(std::string_view bytes) {
    input_.erase(0, std::exchange(read_, 0));
    input_.append(bytes);
}

RequestReader::Progress RequestReader::advance() {
    auto input = unread();
    auto progress = Progress::refused;
    switch (state_) {
        case State::head: progress = read_head(input); break;
        case State::head_shown: progress = Progress::head; break;
        case State::body: progress = read_body(input); break;
        case State::complete: progress = Progress::complete; break;
        case State::refused: break;
    }
    read_ = input_.size() - input.size();
    return progress;
}

RequestReader::Progress RequestReader::read_head(std::string_view& input) {
    if (const int status = head_.read(input); status != 0) return refuse(status);
    if (!head_.is_whole()) return Progress::more;
    framing_ = head_.body();
    keep_alive_ = head_.keep_alive();
    waits_for_continue_ = head_.waits_for_continue();
    request_ = head_.take();
    state_ = State::head_shown;
    return Progress::head;
}

void RequestReader::take_body(std::uint64_t max_body) {
    CHECK(state_ == State::head_shown);
    max_body_ = max_body;
    state_ = State::body;
    if (framing_.chunked) chunks_.emplace(max_body, max_head_ - head_.size());
    if (framing_.length > max_body) refuse(413);
}

RequestReader::Progress RequestReader::read_body(std::string_view& input) {
    bool whole = false;
    if (chunks_) {
        if (const int status = chunks_->read(input, request_.body); status != 0)
            return refuse(status);
        whole = chunks_->is_whole();
    } else {
        const auto size =
            std::min<std::uint64_t>(framing_.length - request_.body.size(), input.size());
        request_.body.append(input.substr(0, size));
        input.remove_prefix(size);
        whole = request_.body.size() == framing_.length;
    }
    if (!whole) return Progress::more;
    state_ = State::complete;
    return Progress::complete;
}

HttpRequest RequestReader::take() {
    CHECK(state_ == State::complete);
    state_ = State::head;
    head_ = RequestHead(max_head_);
    chunks_.reset();
    return std::exchange(request_, HttpRequest());
}

RequestReader::Progress RequestReader::refuse(int status) {
    refusal_ = status;
    state_ = State::refused;
    request_.body = std::string();
    return Progress::refused;
}

}  // namespace mlbilling
