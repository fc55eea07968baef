#include "worker/cache_key.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// Each field with its length before it, so that no two lists of fields read alike.
std::string joined(const std::vector<std::string>& fields) {
    std::string all;
    for (const auto& field : fields) all += std::to_string(field.size()) + ':' + field;
    return all;
}

std::string sha256_hex(const std::string& bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0xFU];
    }
    return hex;
}

}  // namespace

std::string cache_key(TaskType type, const Payload& payload, std::string_view provider) {
    const std::string kind(to_string(type));
    const std::string engine(provider);
    switch (type) {
        case TaskType::text:
            return sha256_hex(joined({kind, engine, payload.data, payload.voice,
                                      std::to_string(payload.speed_percent)}));
        case TaskType::voice:
            if (payload.file_unique_id.empty()) return {};
            return sha256_hex(
                joined({kind, engine, payload.file_unique_id, payload.spoken_language}));
    }
    return {};
}

}  // namespace mlbilling
