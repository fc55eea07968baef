#include "adapters/system_clock/system_random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/check.hpp"

namespace mlbilling {

std::uint64_t SystemRandom::next() {
    std::uint64_t bits = 0;
    ssize_t got = -1;
    // Up to 256 bytes come whole or not at all (getrandom(2)).
    do {
        got = getrandom(&bits, sizeof bits, 0);
    } while (got < 0 && errno == EINTR);
    CHECK(got == static_cast<ssize_t>(sizeof bits));
    return bits;
}

}  // namespace mlbilling
