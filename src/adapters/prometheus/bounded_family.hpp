#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlbilling::prometheus_text {

/// A family of metrics that differ in their labels, at most 200 of them; what comes later shares
/// the one whose labels are all `other`, so that no input grows the memory.
template <class Metric>
class BoundedFamily {
  public:
    BoundedFamily(prometheus::Family<Metric>& family, std::vector<std::string> label_names)
        : family_(family), label_names_(std::move(label_names)) {}

    template <class... Arguments>
    Metric& with(std::vector<std::string> values, const Arguments&... arguments) {
        const std::lock_guard lock(mutex_);
        if (const auto found = metrics_.find(values); found != metrics_.end())
            return *found->second;
        if (metrics_.size() >= most) values.assign(label_names_.size(), "other");
        prometheus::Labels labels;
        for (std::size_t i = 0; i < label_names_.size(); ++i) labels[label_names_[i]] = values[i];
        auto& metric = family_.Add(labels, arguments...);
        metrics_.emplace(std::move(values), &metric);
        return metric;
    }

  private:
    static constexpr std::size_t most = 200;

    prometheus::Family<Metric>& family_;
    std::vector<std::string> label_names_;
    std::mutex mutex_;
    std::map<std::vector<std::string>, Metric*> metrics_;
};

inline BoundedFamily<prometheus::Counter> counters(prometheus::Registry& registry,
                                                   const std::string& name, const std::string& help,
                                                   std::vector<std::string> label_names) {
    return {prometheus::BuildCounter().Name(name).Help(help).Register(registry),
            std::move(label_names)};
}
inline BoundedFamily<prometheus::Histogram> histograms(prometheus::Registry& registry,
                                                       const std::string& name,
                                                       const std::string& help,
                                                       std::vector<std::string> label_names) {
    return {prometheus::BuildHistogram().Name(name).Help(help).Register(registry),
            std::move(label_names)};
}
inline prometheus::Counter& counter(prometheus::Registry& registry, const std::string& name,
                                    const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}
inline prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name,
                                const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace mlbilling::prometheus_text
