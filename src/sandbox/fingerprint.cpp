#include "sandbox/fingerprint.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "base/check.hpp"

namespace mlbilling::sandbox {

std::string base64url(std::string_view bytes) {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (held += 8; held >= 6;) {
            held -= 6;
            out += letters[(bits >> held) & 63U];
        }
    }
    if (held > 0) out += letters[(bits << (6 - held)) & 63U];
    return out;
}

std::string fingerprint(std::string_view bytes, std::size_t length) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
    std::string raw;
    for (unsigned i = 0; i < size; ++i) raw += static_cast<char>(digest[i]);
    return base64url(raw).substr(0, length);
}

}  // namespace mlbilling::sandbox
