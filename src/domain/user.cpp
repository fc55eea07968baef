#include "domain/user.hpp"

#include "domain/names.hpp"

namespace mlbilling {
namespace {

constexpr Names<Role, 3> role_names{
    {{Role::user, "user"}, {Role::admin, "admin"}, {Role::banned, "banned"}}};
constexpr Names<Language, 2> language_names{{{Language::russian, "ru"}, {Language::english, "en"}}};
constexpr Names<ReplyFormat, 2> format_names{
    {{ReplyFormat::message, "message"}, {ReplyFormat::file, "file"}}};

}  // namespace

std::string_view to_string(Role role) { return name_of(role_names, role); }
std::string_view to_string(Language language) { return name_of(language_names, language); }
std::string_view to_string(ReplyFormat format) { return name_of(format_names, format); }
std::optional<Role> parse_role(std::string_view name) { return value_of(role_names, name); }
std::optional<Language> parse_language(std::string_view code) {
    return value_of(language_names, code);
}
std::optional<ReplyFormat> parse_reply_format(std::string_view name) {
    return value_of(format_names, name);
}

Language language_for(std::string_view language_code) {
    const auto primary = language_code.substr(0, language_code.find('-'));
    const bool reads_russian =
        primary == "ru" || primary == "be" || primary == "uk" || primary == "kk";
    return reads_russian ? Language::russian : Language::english;
}

}  // namespace mlbilling
