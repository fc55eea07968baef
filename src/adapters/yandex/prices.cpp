#include "adapters/yandex/prices.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace mlbilling::yandex {
namespace {

struct Dated {
    Time from;
    Tariff tariff;
};

constexpr Time new_year(int year) { return std::chrono::sys_days(std::chrono::year(year) / 1 / 1); }

/// From the SpeechKit price list, https://yandex.cloud/ru/docs/speechkit/pricing, VAT of 20 % in
/// 2025 and 22 % since 2026 included. Seen in roubles: synthesis_v3_request and
/// long_recognition_second (0.15 and 0.1515 for 15 s). Not seen, so check them on the live page:
/// synthesis_v1_character, which is derived from the dollar price (10.99999824 a million without
/// VAT), and short_recognition_block, which is the price of 2025 from memory and, for 2026, the
/// same with the new VAT.
constexpr std::array tariffs{
    Dated{new_year(2025), {160'000, 1'320, 160'000, 10'000}},
    Dated{new_year(2026), {162'600, 1'342, 162'700, 10'100}},
};

constexpr std::int64_t unit_characters = 250;
constexpr Duration block{15'000};
constexpr std::int64_t fewest_seconds = 15;

}  // namespace

const Tariff& tariff_at(Time moment) {
    const Tariff* found = &tariffs.front().tariff;
    for (const auto& dated : tariffs)
        if (dated.from <= moment) found = &dated.tariff;
    return *found;
}

MicroRoubles cost_of_synthesis_v3(const Tariff& tariff, std::int64_t characters, bool unsafe_mode) {
    const auto units = unsafe_mode ? characters / unit_characters + 1 : 1;
    return MicroRoubles(units * tariff.synthesis_v3_request);
}

MicroRoubles cost_of_synthesis_v1(const Tariff& tariff, std::int64_t characters) {
    return MicroRoubles(std::max<std::int64_t>(1, characters) * tariff.synthesis_v1_character);
}

MicroRoubles cost_of_short_recognition(const Tariff& tariff, Duration audio) {
    const auto blocks = std::max<std::int64_t>(1, (audio + block - Duration(1)) / block);
    return MicroRoubles(blocks * tariff.short_recognition_block);
}

MicroRoubles cost_of_long_recognition(const Tariff& tariff, Duration audio) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(audio).count();
    return MicroRoubles(std::max(fewest_seconds, seconds) * tariff.long_recognition_second);
}

}  // namespace mlbilling::yandex
