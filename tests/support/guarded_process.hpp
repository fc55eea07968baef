#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "support/server_process.hpp"

namespace mlbilling::test {

/// A program that a test starts, with whatever it starts itself: killed at the end, also when the
/// test crashes, because a guard in its process group is on the test's leash.
class GuardedProcess {
  public:
    using Environment = std::map<std::string, std::string>;

    /// `environment` is added to the test's own. Its stdout and stderr come through read_line(). It
    /// ignores SIGINT, as all that a shell runs in the background.
    explicit GuardedProcess(const std::vector<std::string>& command,
                            const Environment& environment = {});
    ~GuardedProcess();
    GuardedProcess(const GuardedProcess&) = delete;
    GuardedProcess& operator=(const GuardedProcess&) = delete;

    /// The next line of its output; throws std::runtime_error at the end.
    std::string read_line();
    /// All the rest of its output, until it ends.
    std::string read_all();
    void signal(int number) const;
    pid_t process() const { return program_; }

  private:
    OnLeash guard_;
    pid_t program_ = -1;
    std::string read_;
};

}  // namespace mlbilling::test
