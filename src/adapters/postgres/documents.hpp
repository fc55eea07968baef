#pragma once

#include <string>
#include <string_view>

namespace mlbilling::postgres {

/// A JSON document (stored_documents/documents.hpp) as a column of type json takes it. A text is
/// given back byte for byte as it was handed in, and PostgreSQL takes valid UTF-8 only: a document
/// that is none stands in the column as `{"bytes": "<hexadecimal>"}`.
std::string column_of(std::string document);
/// The document that column_of made the column from.
std::string document_of(std::string_view column);

}  // namespace mlbilling::postgres
