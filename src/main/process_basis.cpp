#include "main/process_basis.hpp"

#include "main/open_broker.hpp"
#include "main/service_options.hpp"

namespace mlbilling {

ProcessBasis::ProcessBasis(const Config& config, std::string_view kind)
    : foundation(config, Schema::checked),
      name(process_name(kind)),
      broker(foundation.loop.get_executor(), config.rabbitmq, broker_options(config, name),
             foundation.random),
      publisher(broker, *foundation.store),
      upkeep(foundation, broker, publisher),
      telegram(foundation.loop.get_executor(), foundation.clock, foundation.metrics,
               telegram_options(config, *config.telegram_token)) {}

}  // namespace mlbilling
