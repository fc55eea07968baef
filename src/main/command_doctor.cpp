#include <iostream>

#include "main/commands.hpp"
#include "main/doctor.hpp"

namespace mlbilling {

int run_doctor(const Config& config) {
    Doctor doctor(config, std::cout);
    return doctor.examine() ? 0 : 1;
}

}  // namespace mlbilling
