#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/unavailable.hpp"

namespace mlbilling::files {

/// Throws Unavailable with the system's reason.
[[noreturn]] inline void fail(const char* action, int error) {
    throw Unavailable(std::string("result store: cannot ") + action + ": " +
                      std::generic_category().message(error));
}

/// An open file or directory; a negative number is none.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    /// Closing may report a write that failed late (NFS).
    void close(const char* action) {
        const int number = std::exchange(number_, -1);
        if (::close(number) != 0) fail(action, errno);
    }

  private:
    int number_;
};

}  // namespace mlbilling::files
