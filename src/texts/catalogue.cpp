#include "texts/catalogue.hpp"

#include <cstddef>

#include "base/check.hpp"

namespace mlbilling {

std::span<const CatalogueEntry> catalogue(Language language) {
    return language == Language::russian ? russian_catalogue() : english_catalogue();
}

std::string_view template_of(Language language, TextId id) {
    const auto entries = catalogue(language);
    const auto index = static_cast<std::size_t>(id);
    CHECK(index < entries.size() && entries[index].id == id);
    return entries[index].text;
}

}  // namespace mlbilling
