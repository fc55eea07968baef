#include "main/commands.hpp"
#include "main/embedded_service.hpp"
#include "main/sole_service.hpp"

namespace mlbilling {

int run_serve(const Config& config) {
    const SoleService sole(config.database);
    EmbeddedService service(config);
    return service.run();
}

}  // namespace mlbilling
