#include "adapters/s3/listing.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/s3/xml_reader.hpp"

namespace mlbilling::s3 {
namespace {

/// A number of exactly that many digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    const auto* const end = text.data() + at + count;
    int number = 0;
    const auto [stop, error] = std::from_chars(text.data() + at, end, number);
    return error == std::errc() && stop == end && number >= 0 ? std::optional(number)
                                                              : std::nullopt;
}

std::optional<int> milliseconds_of(std::string_view fraction) {
    if (fraction == "Z") return 0;
    if (fraction.size() != 5 || fraction.front() != '.' || fraction.back() != 'Z')
        return std::nullopt;
    return digits(fraction, 1, 3);
}

bool is_code(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return text.size() <= 64 && std::ranges::all_of(text, is_letter);
}

}  // namespace

std::optional<Time> read_timestamp(std::string_view text) {
    using namespace std::chrono;
    const auto in_year = digits(text, 0, 4), in_month = digits(text, 5, 2),
               on_day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!in_year || !in_month || !on_day || !hour || !minute || !second) return std::nullopt;
    const bool shaped =
        text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':';
    const auto fraction = milliseconds_of(text.substr(19));
    const year_month_day date{year(*in_year), month(static_cast<unsigned>(*in_month)),
                              day(static_cast<unsigned>(*on_day))};
    if (!shaped || !fraction || !date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second) +
           milliseconds(*fraction);
}

std::optional<Listing> read_listing(std::string_view document) {
    Listing listing;
    bool truncated = false;
    bool readable = true;
    bool is_listing = false;
    std::optional<std::string> key;
    std::string continuation;
    const auto take = [&](const std::string& path, const std::string& text) {
        is_listing = is_listing || path.starts_with("ListBucketResult");
        if (path == "ListBucketResult/IsTruncated") truncated = text == "true";
        if (path == "ListBucketResult/NextContinuationToken") continuation = text;
        if (path == "ListBucketResult/Contents/Key") {
            readable = readable && !key && !text.empty();
            key = text;
        }
        if (path == "ListBucketResult/Contents/LastModified") {
            const auto moment = read_timestamp(text);
            readable = readable && key && moment;
            if (readable) listing.objects.push_back({std::move(*key), *moment});
            key.reset();
        }
    };
    if (!read_xml(document, take) || !readable || !is_listing || key) return std::nullopt;
    if (truncated && continuation.empty()) return std::nullopt;
    if (truncated) listing.continuation = std::move(continuation);
    return listing;
}

std::string read_error_code(std::string_view document) {
    std::string code;
    const auto take = [&](const std::string& path, const std::string& text) {
        if (path == "Error/Code" && is_code(text)) code = text;
    };
    return read_xml(document, take) ? code : "";
}

}  // namespace mlbilling::s3
