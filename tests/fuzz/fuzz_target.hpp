#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"

/// What libFuzzer calls with each input; defined once in each program
/// (https://llvm.org/docs/LibFuzzer.html). A broken promise of the parser (CHECK), an exception
/// that it does not announce and what the sanitizers find end the program, which is then the
/// finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mlbilling::fuzz {

inline std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data),
            size};  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

}  // namespace mlbilling::fuzz
