#include "adapters/audio/stated_rate.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mlbilling::audio {
namespace {

enum class Order { little, big };

/// 0 where the bytes are not there.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t length, Order order) {
    if (at > bytes.size() || bytes.size() - at < length) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
        const auto place = order == Order::big ? i : length - 1 - i;
        value = value << 8U | static_cast<std::uint8_t>(bytes[at + place]);
    }
    return value;
}

/// What stands in the first chunk of this name; the walk begins at `at`.
struct Chunks {
    Order order;
    std::size_t size_bytes;
    /// Chunks are padded to a multiple of it.
    std::size_t alignment;

    std::optional<std::string_view> find(std::string_view bytes, std::size_t at,
                                         std::string_view name) const {
        constexpr int most = 64;
        const std::size_t header = 4 + size_bytes;
        for (int i = 0; i < most && at < bytes.size() && bytes.size() - at > header; ++i) {
            const auto size = number(bytes, at + 4, size_bytes, order);
            const auto rest = bytes.size() - at - header;
            if (bytes.substr(at).starts_with(name)) return bytes.substr(at + header);
            if (size > rest) return std::nullopt;
            at += header + size;
            if (at % alignment != 0) ++at;
        }
        return std::nullopt;
    }
};

/// An 80-bit floating-point number, as the AIFF specification of 1989 calls `extended`.
double extended(std::string_view bytes, std::size_t at) {
    constexpr int bias = 16'383;
    const auto exponent = static_cast<int>(number(bytes, at, 2, Order::big) & 0x7FFFU);
    const auto mantissa = number(bytes, at + 2, 8, Order::big);
    return std::ldexp(static_cast<double>(mantissa), exponent - bias - 63);
}

std::optional<double> of_wav(std::string_view bytes) {
    const auto format = Chunks{Order::little, 4, 2}.find(bytes, 12, "fmt ");
    if (!format) return std::nullopt;
    return static_cast<double>(number(*format, 4, 4, Order::little));
}

std::optional<double> of_aiff(std::string_view bytes) {
    const auto common = Chunks{Order::big, 4, 2}.find(bytes, 12, "COMM");
    if (!common) return std::nullopt;
    return extended(*common, 8);
}

std::optional<double> of_caf(std::string_view bytes) {
    const auto description = Chunks{Order::big, 8, 1}.find(bytes, 8, "desc");
    if (!description) return std::nullopt;
    return std::bit_cast<double>(number(*description, 0, 8, Order::big));
}

}  // namespace

std::optional<double> stated_rate(std::string_view bytes, std::string_view demuxer) {
    if (demuxer == "wav") return of_wav(bytes);
    if (demuxer == "aiff") return of_aiff(bytes);
    if (demuxer == "caf") return of_caf(bytes);
    if (demuxer == "au") return static_cast<double>(number(bytes, 16, 4, Order::big));
    // The first 20 of these 24 bits (RFC 9639, section 8.2).
    if (demuxer == "flac") return static_cast<double>(number(bytes, 18, 3, Order::big) >> 4U);
    return std::nullopt;
}

bool is_absurd_rate(double hertz) {
    constexpr double lowest = 4'000;
    constexpr double highest = 384'000;
    // Also no number at all.
    return !(hertz >= lowest && hertz <= highest);
}

}  // namespace mlbilling::audio
