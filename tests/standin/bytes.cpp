#include "standin/bytes.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace mlbilling::standin {

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    // OpenSSL writes a zero behind the text.
    // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast)
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    const bool foreign = standard.find_first_not_of(
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
                         std::string::npos;
    if (foreign) return std::nullopt;
    while (standard.size() % 4 != 0) standard += '=';
    if (standard.empty()) return std::string();
    const auto padding = standard.size() - 1 - standard.find_last_not_of('=');
    if (padding > 2 || standard.find('=') < standard.size() - padding) return std::nullopt;
    std::string bytes(standard.size() / 4 * 3, '\0');
    // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast)
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(standard.data()),
                                     static_cast<int>(standard.size()));
    // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
    if (size < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001B3U;
    }
    return hash;
}

std::string hex(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t at = 16; at > 0; number >>= 4U) text[--at] = digits[number & 0xFU];
    return text;
}

}  // namespace mlbilling::standin
