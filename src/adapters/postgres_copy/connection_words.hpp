#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::postgres_copy {

/// How PostgreSQL's programs are told where the database is, with no secret among the words that
/// every user of the machine can read.
struct ConnectionWords {
    /// The URL without its password, for --dbname.
    std::string url;
    /// Variables NAME=value: the password and how long to wait for a server.
    std::vector<std::string> environment;
};

/// Takes postgresql://user:password@host,host/name?parameters apart (PostgreSQL documentation,
/// libpq, Connection URIs). A password among the parameters is taken out, too.
ConnectionWords connection_words(std::string_view url);

}  // namespace mlbilling::postgres_copy
