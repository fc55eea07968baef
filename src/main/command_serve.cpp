#include "main/commands.hpp"
#include "main/embedded_service.hpp"

namespace mlbilling {

int run_serve(const Config& config) {
    EmbeddedService service(config);
    return service.run();
}

}  // namespace mlbilling
