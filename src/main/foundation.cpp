#include "main/foundation.hpp"

#include "main/open_results.hpp"
#include "main/version.hpp"

namespace mlbilling {

Foundation::Foundation(const Config& configuration, Schema schema)
    : config(configuration),
      clock(loop.get_executor()),
      metrics(version, configuration.speech.providers.front()),
      store(open_store(config, schema, loop, clock)),
      results(open_results(config, loop.get_executor(), clock, random)),
      children(config.child_processes),
      codec(children, {}),
      engines(config.speech, {loop.get_executor(), clock, random, children, codec, *store, metrics,
                              config.outgoing}) {}

Foundation::~Foundation() = default;

}  // namespace mlbilling
