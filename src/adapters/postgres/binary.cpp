#include "adapters/postgres/binary.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace mlbilling::postgres {
namespace {

bool is_plain(char c) { return c > '\0'; }

}  // namespace

void append_text(std::string& buffer, std::string_view text) {
    while (!text.empty()) {
        const auto plain =
            static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
        buffer.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        const auto point = utf8::first(text);
        if (point.valid && point.value != U'\0') {
            buffer.append(text.substr(0, point.length));
        } else {
            utf8::append(buffer, utf8::replacement);
        }
        text.remove_prefix(point.length);
    }
}

}  // namespace mlbilling::postgres
