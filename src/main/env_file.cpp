#include "main/env_file.hpp"

#include <algorithm>
#include <utility>

#include "main/env_value.hpp"

namespace mlbilling {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view exporting = "export";

/// Reads assignment after assignment, and keeps the number of the line.
class EnvFile {
  public:
    EnvFile(std::string_view content, const Lookup& outside) : rest_(content), outside_(outside) {
        if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
    }

    Result<Environment> read() {
        while (!rest_.empty() && !problem_) {
            const auto line = rest_.substr(0, rest_.find('\n'));
            const auto text = env_value::trimmed(line);
            if (text.empty() || text.front() == '#')
                skip(line.size());
            else
                read_assignment(line);
        }
        if (problem_) return Problem{".env line " + std::to_string(line_) + " " + *problem_};
        return std::move(variables_);
    }

  private:
    /// Passes over what is left of the line.
    void skip(std::size_t size) {
        rest_.remove_prefix(std::min(size + 1, rest_.size()));
        ++line_;
    }

    void refuse(std::string why) { problem_ = std::move(why); }

    void read_assignment(std::string_view line) {
        const auto sign = line.find_first_of("=:");
        const auto name = name_in(line.substr(0, sign));
        if (!env_value::is_name(name)) return refuse("is not NAME=value");
        // A name alone is what it is outside, and that wins anyway.
        if (sign == std::string_view::npos) return skip(line.size());
        rest_.remove_prefix(sign + 1);
        read_value(std::string(name));
    }

    static std::string_view name_in(std::string_view text) {
        auto name = env_value::trimmed(text);
        const bool exported = name.starts_with(exporting) && name.size() > exporting.size() &&
                              (name[exporting.size()] == ' ' || name[exporting.size()] == '\t');
        return exported ? env_value::trimmed(name.substr(exporting.size())) : name;
    }

    void read_value(std::string name) {
        const auto read = env_value::read(rest_, [this](std::string_view wanted) {
            if (const auto value = outside_(wanted)) return value;
            const auto known = variables_.find(std::string(wanted));
            return known == variables_.end() ? std::nullopt : std::optional(known->second);
        });
        if (!read) return refuse(read.error().message);
        const auto passed = rest_.substr(0, read->size);
        line_ += static_cast<int>(std::ranges::count(passed, '\n'));
        rest_.remove_prefix(read->size);
        variables_[std::move(name)] = read->value;
    }

    std::string_view rest_;
    const Lookup& outside_;
    Environment variables_;
    std::optional<std::string> problem_;
    int line_ = 1;
};

}  // namespace

Result<Environment> parse_env_file(std::string_view content, const Lookup& outside) {
    return EnvFile(content, outside).read();
}

}  // namespace mlbilling
