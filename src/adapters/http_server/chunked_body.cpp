#include "adapters/http_server/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace mlbilling {
namespace {

/// As many as a number of 64 bits has, so that zeros in front of a size end somewhere.
constexpr std::size_t max_digits = 16;

bool is_text(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool is_token(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
}

bool is_field(std::string_view line) {
    const auto colon = line.find(':');
    return colon != std::string_view::npos && colon > 0 &&
           std::ranges::all_of(line.substr(0, colon), is_token) &&
           std::ranges::all_of(line.substr(colon), is_text);
}

/// What may follow a chunk's size: nothing, or extensions, which mean nothing to us.
bool is_extension(std::string_view rest) {
    const auto begin = rest.find_first_not_of(" \t");
    return rest.empty() || (begin != std::string_view::npos && rest[begin] == ';' &&
                            std::ranges::all_of(rest, is_text));
}

}  // namespace

int ChunkedBody::read(std::string_view& input, std::string& body) {
    waits_ = false;
    while (refusal_ == 0 && !waits_ && !input.empty() && state_ != State::whole) {
        switch (state_) {
            case State::size: read_size(input, body.size()); break;
            case State::data: {
                const auto size = std::min<std::uint64_t>(left_, input.size());
                body.append(input.substr(0, size));
                input.remove_prefix(size);
                left_ -= size;
                if (left_ == 0) state_ = State::end_of_data;
                break;
            }
            case State::end_of_data: read_end_of_data(input); break;
            case State::trailer: read_trailer(input); break;
            case State::whole: break;
        }
    }
    return refusal_;
}

std::optional<std::string_view> ChunkedBody::line(std::string_view& input, std::size_t max_size) {
    const auto end = input.find('\n');
    if (end == std::string_view::npos) {
        waits_ = true;
        if (input.size() > max_size + 1) refused(431);
        return std::nullopt;
    }
    if (end == 0 || input[end - 1] != '\r') {
        refused(400);
        return std::nullopt;
    }
    const auto found = input.substr(0, end - 1);
    input.remove_prefix(end + 1);
    return found;
}

int ChunkedBody::take(std::size_t bytes) {
    if (bytes > max_rest_) return refused(431);
    max_rest_ -= bytes;
    return 0;
}

int ChunkedBody::read_size(std::string_view& input, std::uint64_t body_size) {
    const auto text = line(input, max_digits + max_rest_);
    if (!text) return refusal_;
    const auto* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, left_, 16);
    const auto digits = static_cast<std::size_t>(rest - text->data());
    // from_chars() takes a sign.
    if (error != std::errc() || digits > max_digits || text->front() == '-') return refused(400);
    if (!is_extension({rest, end})) return refused(400);
    if (take(text->size() - digits) != 0) return refusal_;
    if (left_ > max_body_ - body_size) return refused(413);
    state_ = left_ == 0 ? State::trailer : State::data;
    return 0;
}

int ChunkedBody::read_end_of_data(std::string_view& input) {
    if (input.front() != '\r') return refused(400);
    if (input.size() < 2) {
        waits_ = true;
        return 0;
    }
    if (input[1] != '\n') return refused(400);
    input.remove_prefix(2);
    state_ = State::size;
    return 0;
}

int ChunkedBody::read_trailer(std::string_view& input) {
    const auto field = line(input, max_rest_);
    if (!field) return refusal_;
    if (field->empty()) {
        state_ = State::whole;
        return 0;
    }
    if (take(field->size() + 2) != 0) return refusal_;
    return is_field(*field) ? 0 : refused(400);
}

}  // namespace mlbilling
