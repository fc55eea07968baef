#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <vector>

namespace mlbilling::log {
namespace {

constexpr std::size_t longest_value = 2000;

// The logger is the one thing that every thread may reach without being handed it.
struct State {
    std::shared_ptr<spdlog::logger> logger = spdlog::stderr_color_mt("mlbilling");
    Format format = Format::text;
    std::mutex secrets_mutex;
    std::vector<std::string> secrets;

    State() { logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v", spdlog::pattern_time_type::utc); }
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

std::string escaped(std::string_view raw) {
    std::string out;
    for (const char c : raw.substr(0, longest_value)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            char hex[8];
            std::snprintf(hex, sizeof hex, "\\u%04x", static_cast<unsigned>(byte));
            out += hex;
        } else {
            out += c;
        }
    }
    return out;
}

void hide_secrets(std::string& line) {
    const std::lock_guard lock(state().secrets_mutex);
    for (const auto& secret : state().secrets) {
        for (std::size_t at = line.find(secret); at != std::string::npos; at = line.find(secret, at)) {
            line.replace(at, secret.size(), "***");
        }
    }
}

std::string as_text(std::string_view message, Fields fields) {
    std::string line = escaped(message);
    for (const auto& field : fields) {
        line += ' ';
        line += field.name();
        line += '=';
        const bool quote = !field.bare() && field.value().find(' ') != std::string::npos;
        line += quote ? '"' + escaped(field.value()) + '"' : escaped(field.value());
    }
    return line;
}

std::string as_json(std::string_view message, Fields fields) {
    std::string line = ",\"message\":\"" + escaped(message) + '"';
    for (const auto& field : fields) {
        line += ",\"" + std::string(field.name()) + "\":";
        line += field.bare() ? field.value() : '"' + escaped(field.value()) + '"';
    }
    return line + '}';
}

}  // namespace

Field::Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
Field::Field(std::string_view name, bool value)
    : name_(name), value_(value ? "true" : "false"), bare_(true) {}
Field::Field(std::string_view name, long long value, Number_)
    : name_(name), value_(std::to_string(value)), bare_(true) {}

void configure(Level threshold, Format format) {
    state().format = format;
    state().logger->set_level(to_spdlog(threshold));
    if (format == Format::json) {
        state().logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\"%v",
                                    spdlog::pattern_time_type::utc);
    }
}

void redact(std::string secret) {
    if (secret.size() < 4) return;
    const std::lock_guard lock(state().secrets_mutex);
    state().secrets.push_back(std::move(secret));
}

void write(Level level, std::string_view message, Fields fields) {
    if (!state().logger->should_log(to_spdlog(level))) return;
    std::string line = state().format == Format::json ? as_json(message, fields) : as_text(message, fields);
    hide_secrets(line);
    state().logger->log(to_spdlog(level), "{}", line);
}

}  // namespace mlbilling::log
