#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <utility>

#include "base/log_lines.hpp"
#include "base/redaction.hpp"
#include "base/utf8.hpp"

namespace mlbilling::log {
namespace {

constexpr std::size_t longest_value = 2000;
constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v";
constexpr auto json_pattern = "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\"%v";

// The logger is the one thing that every thread may reach without being handed it.
struct State {
    std::shared_ptr<spdlog::logger> logger = spdlog::stderr_color_mt("mlbilling");
    Format format = Format::text;
    std::array<std::atomic<std::uint64_t>, 4> lines{};

    State() { logger->set_pattern(text_pattern, spdlog::pattern_time_type::utc); }
};

State& state() {
    static State instance;
    return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// Inside quotes of JSON and of a text line alike: no byte of it can end the line, drive a
/// terminal, or be anything but valid UTF-8.
std::string escaped(std::string_view raw) {
    std::string out;
    while (!raw.empty()) {
        const auto c = utf8::first(raw);
        const bool control = c.value < 0x20 || (c.value >= 0x7F && c.value <= 0x9F);
        const bool breaks_line = c.value == 0x2028 || c.value == 0x2029;
        if (c.value == U'"' || c.value == U'\\') {
            out += {'\\', static_cast<char>(c.value)};
        } else if (control || breaks_line || !c.valid) {
            char hex[8];
            std::snprintf(hex, sizeof hex, "\\u%04x", static_cast<unsigned>(c.value));
            out += hex;
        } else {
            out += raw.substr(0, c.length);
        }
        raw.remove_prefix(c.length);
    }
    return out;
}

/// Cut between two code points, with an ellipsis.
std::string cut(std::string text) {
    if (text.size() <= longest_value) return text;
    std::size_t end = longest_value;
    while (end > longest_value - 3 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
        --end;
    text.resize(end);
    return text + "…";
}

/// Secrets go before the cut, which could leave half of one, and before the escapes, which could
/// disguise one.
std::string clean(std::string_view text) { return escaped(cut(without_secrets(text))); }

bool needs_quotes(std::string_view cleaned) {
    return cleaned.empty() || cleaned.find_first_of(" =\\") != std::string_view::npos;
}

std::string as_text(std::string_view message, Fields fields) {
    std::string line = clean(message);
    for (const auto& field : fields) {
        const auto value = clean(field.value());
        line += ' ';
        line += field.name();
        line += '=';
        line += needs_quotes(value) ? '"' + value + '"' : value;
    }
    return line;
}

std::string as_json(std::string_view message, Fields fields) {
    std::string line = ",\"message\":\"" + clean(message) + '"';
    for (const auto& field : fields) {
        const auto value = clean(field.value());
        line += ",\"" + std::string(field.name()) + "\":";
        // A number that holds a secret is no number any more.
        const bool bare = field.bare() && value == field.value();
        line += bare ? value : '"' + value + '"';
    }
    return line + '}';
}

}  // namespace

Field::Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
Field::Field(std::string_view name, bool value)
    : name_(name), value_(value ? "true" : "false"), bare_(true) {}
Field::Field(std::string_view name, long long value, NumberTag)
    : name_(name), value_(std::to_string(value)), bare_(true) {}

void configure(Level threshold, Format format) {
    state().format = format;
    state().logger->set_level(to_spdlog(threshold));
    state().logger->set_pattern(format == Format::json ? json_pattern : text_pattern,
                                spdlog::pattern_time_type::utc);
}

void write(Level level, std::string_view message, Fields fields) {
    state().lines.at(static_cast<std::size_t>(level)).fetch_add(1, std::memory_order_relaxed);
    if (!state().logger->should_log(to_spdlog(level))) return;
    const bool json = state().format == Format::json;
    const auto line = json ? as_json(message, fields) : as_text(message, fields);
    state().logger->log(to_spdlog(level), "{}", line);
}

std::uint64_t lines(Level level) {
    return state().lines.at(static_cast<std::size_t>(level)).load(std::memory_order_relaxed);
}

}  // namespace mlbilling::log
