#include "adapters/postgres/audit.hpp"

namespace mlbilling::postgres {

void note(Session& session, std::string_view actor, std::string_view action,
          std::string_view target, std::string_view detail) {
    session.send(
        "INSERT INTO audit (actor, action, target, detail, at) VALUES ($1, $2, $3, $4, $5)", actor,
        action, target, detail, session.now);
}

}  // namespace mlbilling::postgres
