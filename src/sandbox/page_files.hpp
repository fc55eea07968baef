#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/http_server/http_message.hpp"

namespace mlbilling::sandbox {

/// File name, e.g. `chat.js`, to its bytes.
using PageFiles = std::map<std::string, std::string_view>;

/// The chat page as it was compiled in: every file of web/sandbox.
PageFiles embedded_page();

/// Answers GET / (index.html) and GET /NAME; 404 for what is not there, 405 for other methods.
HttpResponse serve_page(const PageFiles& files, const HttpRequest& request);

}  // namespace mlbilling::sandbox
