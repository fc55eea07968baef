#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "domain/micro_roubles.hpp"

namespace mlbilling::yandex {

/// What Yandex takes, in millionths of a rouble with VAT.
struct Tariff {
    std::int64_t synthesis_v3_request;
    std::int64_t synthesis_v1_character;
    std::int64_t short_recognition_block;
    std::int64_t long_recognition_second;
};

/// The price list of that day.
const Tariff& tariff_at(Time moment);

/// v3: one unit a request; in unsafe mode one for every started 250 characters, and exactly 250
/// count as two, which is how the price list may be read.
MicroRoubles cost_of_synthesis_v3(const Tariff& tariff, std::int64_t characters, bool unsafe_mode);
/// v1: by the character, at least one.
MicroRoubles cost_of_synthesis_v1(const Tariff& tariff, std::int64_t characters);
/// Blocks of 15 s, each file rounded up, at least one.
MicroRoubles cost_of_short_recognition(const Tariff& tariff, Duration audio);
/// Seconds rounded up, at least 15; one channel costs as much as two.
MicroRoubles cost_of_long_recognition(const Tariff& tariff, Duration audio);

}  // namespace mlbilling::yandex
