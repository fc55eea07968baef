#include "texts/render.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "texts/catalogue.hpp"

namespace mlbilling {

std::string render(Language language, TextId id, const Arguments& arguments) {
    std::string filled;
    auto rest = template_of(language, id);
    while (true) {
        const auto open = rest.find('{');
        filled += rest.substr(0, open);
        if (open == std::string_view::npos) return filled;
        const auto close = rest.find('}', open);
        CHECK(close != std::string_view::npos);
        const auto name = rest.substr(open + 1, close - open - 1);
        const auto argument = std::ranges::find(arguments, name, &Argument::name);
        CHECK(argument != arguments.end());
        filled += argument->value;
        rest.remove_prefix(close + 1);
    }
}

}  // namespace mlbilling
