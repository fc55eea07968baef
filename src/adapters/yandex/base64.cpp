#include "adapters/yandex/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

#include "base/check.hpp"

namespace mlbilling::yandex {
namespace {

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string base64(std::string_view bytes) {
    CHECK(bytes.size() < std::numeric_limits<int>::max() / 2);
    // One more than the text, for the zero byte that OpenSSL writes behind it.
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string base64url(std::string_view bytes) {
    auto text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::min(text.find('='), text.size()));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.empty()) return std::string();
    if (text.size() % 4 != 0 || text.size() > std::numeric_limits<int>::max() / 2)
        return std::nullopt;
    // OpenSSL would skip white space, and a text that it shortened would decode to less.
    for (const char space : {' ', '\t', '\r', '\n'})
        if (text.find(space) != std::string_view::npos) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    if (text.find('=') < text.size() - padding) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), octets(text),
                                     static_cast<int>(text.size()));
    if (size < 0 || static_cast<std::size_t>(size) < padding) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

}  // namespace mlbilling::yandex
