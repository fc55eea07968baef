#include "main/addresses.hpp"

#include <gtest/gtest.h>

namespace mlbilling {
namespace {

TEST(ListenAddress, IsReadWithAndWithoutBrackets) {
    for (const auto* text : {"[::1]:8090", "::1:8090"})
        EXPECT_EQ(*parse_listen_address(text), (ListenAddress{"::1", 8090})) << text;
    EXPECT_EQ(*parse_listen_address("127.0.0.1:0"), (ListenAddress{"127.0.0.1", 0}));
    EXPECT_EQ(*parse_listen_address("localhost:65535"), (ListenAddress{"localhost", 65535}));
    for (const auto* text :
         {"", ":", ":8080", "8080", "localhost", "localhost:", "localhost:x", "localhost:99999",
          "localhost:-1", "[::1]", "[::1:8080", "a.example:1"})
        EXPECT_FALSE(parse_listen_address(text)) << text;
}

TEST(ListenAddress, IsShownAsItCanBeOpened) {
    const auto shown = [](const char* text) {
        return web_address_of(*parse_listen_address(text), 81);
    };
    EXPECT_EQ(shown("[::1]:0"), "http://[::1]:81");
    EXPECT_EQ(shown("[::]:80"), "http://[::1]:81");
    EXPECT_EQ(shown("0.0.0.0:80"), "http://127.0.0.1:81");
    EXPECT_EQ(shown("localhost:80"), "http://localhost:81");
}

TEST(SqliteUrl, HasOneMeaning) {
    EXPECT_EQ(*parse_sqlite_url("sqlite:data/y.db"), "data/y.db");
    EXPECT_EQ(*parse_sqlite_url("sqlite:/x/y.db"), "/x/y.db");
    EXPECT_EQ(*parse_sqlite_url("sqlite::memory:"), ":memory:");
    for (const auto* url :
         {"sqlite:", "sqlite://y.db", "sqlite:///x/y.db", "sqlite:////x/y.db", "sqlite:~/y.db",
          "sqlite:y.db?mode=rwc", "sqlite:data/", "sqlite:file:y.db", "sqlite:sqlite:y.db", "y.db"})
        EXPECT_FALSE(parse_sqlite_url(url)) << url;
}

TEST(FileUrl, HasOneMeaning) {
    EXPECT_EQ(*parse_file_url("file:data/results"), "data/results");
    EXPECT_EQ(*parse_file_url("file:/x"), "/x");
    EXPECT_EQ(*parse_file_url("file:///x"), "/x");
    for (const auto* url : {"file:", "file://host/x", "file:~/x", "results", "file:file:x"})
        EXPECT_FALSE(parse_file_url(url)) << url;
}

}  // namespace
}  // namespace mlbilling
