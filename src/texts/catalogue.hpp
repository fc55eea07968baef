#pragma once

#include <span>
#include <string_view>

#include "domain/user.hpp"
#include "texts/text_id.hpp"

namespace mlbilling {

/// One sentence of a language; `{name}` stands for an argument of render().
struct CatalogueEntry {
    TextId id;
    std::string_view text;
};

std::span<const CatalogueEntry> russian_catalogue();
std::span<const CatalogueEntry> english_catalogue();

/// All texts of the language, in the order of TextId.
std::span<const CatalogueEntry> catalogue(Language language);

/// The template of the text, its placeholders unfilled. CHECKs that the catalogue has it.
std::string_view template_of(Language language, TextId id);

}  // namespace mlbilling
