#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "sandbox/answer.hpp"

namespace mlbilling::sandbox {

struct UploadedFile {
    std::string name;
    std::string mime;
    std::string bytes;
};

/// The parameters of one Bot API call, from wherever they came. A value that was JSON is kept as
/// its text, as the real server does (telegram.md 1.1).
class Parameters {
  public:
    Parameters() = default;
    explicit Parameters(std::map<std::string, std::string> values) : values_(std::move(values)) {}

    void set(const std::string& name, std::string value) { values_[name] = std::move(value); }
    void add_file(const std::string& name, UploadedFile file) { files_[name] = std::move(file); }

    bool has(const std::string& name) const { return values_.contains(name); }
    /// The value, or empty.
    std::string text(const std::string& name) const;
    /// The whole number, or nothing for a missing or broken one.
    std::optional<std::int64_t> number(const std::string& name) const;
    /// The number forced into the range; the fallback when there is none.
    std::int64_t number_within(const std::string& name, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) const;
    bool flag(const std::string& name) const;
    const UploadedFile* file(const std::string& name) const;

  private:
    std::map<std::string, std::string> values_;
    std::map<std::string, UploadedFile> files_;
};

/// Reads the query and the body: JSON, urlencoded or multipart/form-data by the Content-Type.
/// Everything but uploaded files is bounded to 1 MiB.
OrRefusal<Parameters> read_parameters(const HttpRequest& request);

/// allowed_updates as a set, or nothing where it was left out or is not a list: then the last one
/// stays.
std::optional<std::set<std::string>> allowed_updates(const Parameters& parameters);

}  // namespace mlbilling::sandbox
