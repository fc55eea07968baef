#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace mlbilling::child_process {

/// A nameless file in memory that nobody can write to any more. A child gets its input this way: it
/// can seek in it, there is no temporary file to protect or forget, and nothing to pump into a
/// pipe. Throws Unavailable when memory or descriptors run out.
Descriptor sealed_file(std::string_view content);

/// A nameless empty file in memory for a child that must seek in its output.
Descriptor empty_file();

/// The first `longest` bytes of the file.
std::string content_of(const Descriptor& file, std::size_t longest);

}  // namespace mlbilling::child_process
