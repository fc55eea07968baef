#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/user.hpp"

namespace mlbilling {

/// What is counted in front of users.
enum class Noun { credit, character, second, minute };

/// The number with the noun in its right form, as it stands after a colon: "1 кредит", "2 кредита",
/// "5 кредитов"; "1 credit", "2 credits".
std::string counted(Language language, Noun noun, std::int64_t count);
std::string counted(Language language, Credits credits);

/// The number alone, in groups of three from 10,000 on: "12 000", "12,000".
std::string number(Language language, std::int64_t value);

/// With a sign always: "+20", "−2" (a real minus sign), "0".
std::string signed_number(Language language, std::int64_t value);

/// "1:23", or "1:02:03" from an hour on; a started second counts, negative spans are 0:00.
std::string clock_time(Duration span);

/// "40 секунд" below a minute, else whole minutes, "3 minutes"; rounded down.
std::string rough_time(Language language, Duration span);

}  // namespace mlbilling
