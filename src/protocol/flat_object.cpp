#include "protocol/flat_object.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

namespace mlbilling {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 8;
constexpr std::size_t most_fields = 64;
constexpr std::size_t most_elements = 4096;

/// Takes the parser's events; a false return with `problem` set refuses the text.
class Handler {
  public:
    static constexpr std::size_t max_object_size = most_elements;
    static constexpr std::size_t max_array_size = most_elements;
    static constexpr std::size_t max_key_size = 256;
    static constexpr std::size_t max_string_size = 1024 * 1024;

    FlatObject object;
    std::string problem;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code& error) {
        if (depth_ > 0) set(OtherValue{});
        ++depth_;
        return within_depth(error);
    }
    bool on_object_end(std::size_t, json::error_code&) {
        --depth_;
        return true;
    }
    bool on_array_begin(json::error_code& error) {
        if (depth_ == 0) return refuse(error, "the message is not a JSON object");
        if (depth_ == 1) {
            set(std::vector<std::string>());
            in_array_ = true;
        } else {
            set(OtherValue{});
        }
        ++depth_;
        return within_depth(error);
    }
    bool on_array_end(std::size_t, json::error_code&) {
        --depth_;
        if (depth_ == 1) in_array_ = false;
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        key_.append(part.data(), part.size());
        if (depth_ == 1) {
            field_ = key_;
            if (object.size() >= most_fields)
                return refuse(error, "the message has too many fields");
            if (!object.emplace(field_, OtherValue{}).second)
                return refuse(error, "the message has the same field twice");
        }
        key_.clear();
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code& error) {
        text_.append(part.data(), part.size());
        return scalar(std::exchange(text_, {}), error);
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t value, json::string_view, json::error_code& error) {
        return scalar(value, error);
    }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code& error) {
        return scalar(OtherValue{}, error);
    }
    bool on_double(double, json::string_view, json::error_code& error) {
        return scalar(OtherValue{}, error);
    }
    bool on_bool(bool value, json::error_code& error) { return scalar(value, error); }
    bool on_null(json::error_code& error) { return scalar(OtherValue{}, error); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    bool scalar(FlatValue value, json::error_code& error) {
        if (depth_ == 0) return refuse(error, "the message is not a JSON object");
        set(std::move(value));
        return true;
    }

    /// The value belongs to the current top-level field, or lies deeper and only shows its kind.
    void set(FlatValue value) {
        if (depth_ == 1) {
            object.find(field_)->second = std::move(value);
        } else if (depth_ == 2 && in_array_) {
            auto& field = object.find(field_)->second;
            auto* array = std::get_if<std::vector<std::string>>(&field);
            auto* text = std::get_if<std::string>(&value);
            if (array != nullptr && text != nullptr)
                array->push_back(std::move(*text));
            else
                field = OtherValue{};
        }
    }

    bool within_depth(json::error_code& error) {
        return depth_ <= deepest || refuse(error, "the message is nested too deeply");
    }

    bool refuse(json::error_code& error, const char* why) {
        problem = why;
        error = json::make_error_code(json::error::extra_data);
        return false;
    }

    std::size_t depth_ = 0;
    bool in_array_ = false;
    std::string key_;
    std::string field_;
    std::string text_;
};

}  // namespace

Result<FlatObject> parse_flat_object(std::string_view text) {
    json::parse_options options;
    options.max_depth = 2 * deepest;
    json::basic_parser<Handler> parser(options);
    json::error_code error;
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (!parser.handler().problem.empty()) return Problem{parser.handler().problem};
    if (error) return Problem{"the message is not valid JSON"};
    const bool only_space_follows =
        text.substr(used).find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!parser.done() || !only_space_follows) return Problem{"the message is not valid JSON"};
    return std::move(parser.handler().object);
}

}  // namespace mlbilling
