#include "texts/failure_text.hpp"

namespace mlbilling {

std::string failure_text(Language language, FailureReason reason) {
    return std::string(to_string(language)) + ": " + std::string(to_string(reason));
}

}  // namespace mlbilling
