#pragma once

#include <string>
#include <string_view>

namespace mlbilling {

/// An operation id with the provider that knows it: `yandex:f8ddr61b30fk`.
struct TaggedOperation {
    /// Empty when the id was kept before there was a cascade.
    std::string provider;
    std::string operation;
};

std::string tagged(std::string_view provider, std::string_view operation);
TaggedOperation read_tag(std::string_view text);

}  // namespace mlbilling
