#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::s3 {

struct ListedObject {
    std::string key;
    Time last_modified;
};

/// One answer of ListObjectsV2.
struct Listing {
    std::vector<ListedObject> objects;
    /// Asks for what follows; empty at the end.
    std::string continuation;
};

/// Nothing when the document is not a listing, or one of its objects cannot be read.
std::optional<Listing> read_listing(std::string_view document);

/// The code of an error document, e.g. `NoSuchKey`; empty when it is none.
std::string read_error_code(std::string_view document);

/// `2009-10-12T17:50:30.000Z`, the fraction optional.
std::optional<Time> read_timestamp(std::string_view text);

}  // namespace mlbilling::s3
