#pragma once

namespace mlbilling {

inline constexpr const char* version = "0.1.0";

}  // namespace mlbilling
