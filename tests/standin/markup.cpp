#include "standin/markup.hpp"

#include <charconv>

namespace mlbilling::standin {
namespace {

constexpr int longest_pause = 7'000;
constexpr Duration named_pause{200};

bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::optional<Marked> read_markup(std::string_view text) {
    constexpr std::string_view timed = "sil<[";
    constexpr std::string_view named = "<[";
    constexpr std::string_view close = "]>";
    Marked marked;
    while (!text.empty()) {
        if (text.starts_with(timed)) {
            const auto end = text.find(close);
            const auto digits = text.substr(timed.size(), end - timed.size());
            int length = 0;
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), length);
            const bool whole = read.ptr == digits.data() + digits.size() && !digits.empty();
            if (end == std::string_view::npos || !whole || length > longest_pause)
                return std::nullopt;
            marked.pauses += Duration(length);
            text.remove_prefix(end + close.size());
        } else if (text.starts_with(named) && text.find(close) != std::string_view::npos) {
            marked.pauses += named_pause;
            text.remove_prefix(text.find(close) + close.size());
        } else {
            const bool silent = text.front() == '+' || text.front() == '*';
            if (!silent && begins_code_point(text.front())) ++marked.spoken_characters;
            text.remove_prefix(1);
        }
    }
    return marked;
}

}  // namespace mlbilling::standin
