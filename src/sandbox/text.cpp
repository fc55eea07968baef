#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

std::size_t length_of_lead(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return 2;
    if (lead >= 0xe0 && lead <= 0xef) return 3;
    if (lead >= 0xf0 && lead <= 0xf4) return 4;
    return 0;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t name_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && is_name(text[length])) ++length;
    return length;
}

/// Bytes of the entity that begins here, or 0.
std::size_t entity_length(std::string_view text, Entity::Kind& kind) {
    const std::size_t name = name_length(text.substr(1));
    if (text.front() == '@') {
        kind = Entity::Kind::mention;
        return name >= 4 && name <= 32 ? name + 1 : 0;
    }
    kind = Entity::Kind::bot_command;
    if (text.front() != '/' || name == 0 || name > 64) return 0;
    const std::size_t command = name + 1;
    if (command < text.size() && text[command] == '@') {
        const std::size_t bot = name_length(text.substr(command + 1));
        if (bot >= 3 && bot <= 32) return command + 1 + bot;
    }
    return command;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = length_of_lead(lead);
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
        if (overlong || outside) return false;
        i += length;
    }
    return true;
}

std::size_t utf16_length(std::string_view valid_utf8) {
    std::size_t units = 0;
    for (const char c : valid_utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return units;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return std::string(text);
}

std::string lower_case(std::string_view ascii) {
    std::string out(ascii);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return out;
}

std::vector<Entity> entities_of(std::string_view valid_utf8) {
    std::vector<Entity> entities;
    std::size_t counted_bytes = 0;
    std::size_t counted_units = 0;
    for (std::size_t i = 0; i < valid_utf8.size(); ++i) {
        if (i > 0 && !is_space(valid_utf8[i - 1])) continue;
        if (valid_utf8[i] != '/' && valid_utf8[i] != '@') continue;
        auto kind = Entity::Kind::bot_command;
        const std::size_t length = entity_length(valid_utf8.substr(i), kind);
        if (length == 0) continue;
        counted_units += utf16_length(valid_utf8.substr(counted_bytes, i - counted_bytes));
        counted_bytes = i;
        entities.push_back(
            {kind, counted_units, length, std::string(valid_utf8.substr(i, length))});
        i += length - 1;
    }
    return entities;
}

}  // namespace mlbilling::sandbox
