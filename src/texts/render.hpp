#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/user.hpp"
#include "texts/text_id.hpp"

namespace mlbilling {

/// What stands for a placeholder.
struct Argument {
    std::string_view name;
    std::string value;
};
using Arguments = std::vector<Argument>;

/// The text in the language, its placeholders filled in. CHECKs that every placeholder has an
/// argument; braces in a value are left as they are.
std::string render(Language language, TextId id, const Arguments& arguments = {});

}  // namespace mlbilling
