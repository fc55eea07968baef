#pragma once

#include <cstddef>

namespace mlbilling {

/// Raises the soft limit of file descriptors to what the system allows, within reason: a shell's
/// 1,024 are soon used up. Called once by main.
void raise_descriptor_limit();

/// Connections that each of so many listeners may hold, so that all together leave three quarters
/// of the descriptors for the database, the broker, providers and files.
std::size_t connections_for(int listeners);

}  // namespace mlbilling
