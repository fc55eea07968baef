#include "adapters/prometheus/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>

#include "adapters/prometheus/bounded_family.hpp"
#include "base/log_lines.hpp"

namespace mlbilling::prometheus_text {
namespace {

double seconds(const timeval& span) {
    return static_cast<double>(span.tv_sec) + static_cast<double>(span.tv_usec) / 1e6;
}

double processor_seconds() {
    rusage used{};
    if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// proc(5): the second number of statm is the resident pages.
double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t all = 0;
    std::int64_t resident = 0;
    file >> all >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(since_epoch).count();
}

void raise_to(prometheus::Counter& counter, double total) {
    counter.Increment(total - counter.Value());
}

prometheus::Family<prometheus::Counter>& log_lines(prometheus::Registry& registry) {
    return prometheus::BuildCounter()
        .Name("mlbilling_log_lines_total")
        .Help("Warnings and errors that this process has logged")
        .Register(registry);
}

}  // namespace

ProcessMetrics::ProcessMetrics(prometheus::Registry& registry)
    : processor_time_(counter(registry, "process_cpu_seconds_total",
                              "User and system CPU time that the process has used")),
      resident_memory_(
          gauge(registry, "process_resident_memory_bytes", "Resident memory of the process")),
      warnings_(log_lines(registry).Add({{"level", "warning"}})),
      errors_(log_lines(registry).Add({{"level", "error"}})) {
    gauge(registry, "process_start_time_seconds", "When the process started, in Unix time")
        .Set(now());
}

void ProcessMetrics::update() {
    raise_to(processor_time_, processor_seconds());
    resident_memory_.Set(resident_bytes());
    raise_to(warnings_, static_cast<double>(log::lines(log::Level::warning)));
    raise_to(errors_, static_cast<double>(log::lines(log::Level::error)));
}

}  // namespace mlbilling::prometheus_text
