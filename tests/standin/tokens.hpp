#pragma once

#include "standin/access.hpp"
#include "standin/service_account.hpp"

namespace mlbilling::standin {

/// IAM and the metadata service of a virtual machine: who gives out tokens (yandex.md 5).
class Tokens {
  public:
    Tokens(Access& access, Clock& clock) : access_(access), clock_(clock) {}

    HttpResponse exchange(const Call& call);
    HttpResponse of_virtual_machine();

    ServiceAccount& account() { return account_; }
    /// How long tokens are good that are issued from now on; twelve hours at first.
    void set_lifetime(Duration lifetime) { lifetime_ = lifetime; }

  private:
    HttpResponse issued(bool of_user_account);

    Access& access_;
    Clock& clock_;
    ServiceAccount account_;
    Duration lifetime_{12 * 3'600'000};
};

/// `2026-11-25T10:00:00.123456789Z`: nine digits, as IAM writes them, since simple parsers break.
std::string nanosecond_time(Time time);

}  // namespace mlbilling::standin
