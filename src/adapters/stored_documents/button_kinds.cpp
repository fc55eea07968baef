#include "adapters/stored_documents/button_kinds.hpp"

#include "domain/names.hpp"

namespace mlbilling {
namespace {

constexpr Names<ButtonMessage, 2> names{
    {{ButtonMessage::menu, "menu"}, {ButtonMessage::question, "question"}}};

}  // namespace

std::string_view to_string(ButtonMessage kind) { return name_of(names, kind); }
std::optional<ButtonMessage> parse_button_message(std::string_view name) {
    return value_of(names, name);
}

}  // namespace mlbilling
