#include "adapters/postgres_copy/connection_words.hpp"

#include <gmock/gmock.h>

namespace mlbilling::postgres_copy {
namespace {

using testing::ElementsAre;

constexpr auto patience = "PGCONNECT_TIMEOUT=10";

TEST(ConnectionWords, ThePasswordIsNotAmongTheWords) {
    const auto words = connection_words("postgresql://user:secret@host:5432/name");
    EXPECT_EQ(words.url, "postgresql://user@host:5432/name");
    EXPECT_THAT(words.environment, ElementsAre(patience, "PGPASSWORD=secret"));
}

TEST(ConnectionWords, ItIsWhatTheUrlMeansAndNotHowItIsWritten) {
    const auto words = connection_words("postgres://user:a%40b%3a%2F%25@one:1,two:2/name?x=1");
    EXPECT_EQ(words.url, "postgres://user@one:1,two:2/name?x=1");
    EXPECT_THAT(words.environment, ElementsAre(patience, "PGPASSWORD=a@b:/%"));
}

TEST(ConnectionWords, AmongTheParametersItIsFoundWhereverItStands) {
    for (const auto& [before, after] :
         {std::pair{"postgresql:///n?password=p%20w", "postgresql:///n"},
          {"postgresql:///n?password=p%20w&host=h", "postgresql:///n?host=h"},
          {"postgresql:///n?host=h&password=p%20w", "postgresql:///n?host=h"},
          {"postgresql:///n?a=1&password=p%20w&b=2", "postgresql:///n?a=1&b=2"},
          {"postgresql:///n?password=old&password=p%20w", "postgresql:///n"}}) {
        const auto words = connection_words(before);
        EXPECT_EQ(words.url, after);
        EXPECT_THAT(words.environment, ElementsAre(patience, "PGPASSWORD=p w")) << before;
    }
}

TEST(ConnectionWords, WhatHasNoPasswordStaysAsItIs) {
    for (const auto* url : {"postgresql://host/name", "postgresql://user@host:5432/name",
                            "postgresql://host:5432/name?sslpassword=x", "postgresql:///name"}) {
        const auto words = connection_words(url);
        EXPECT_EQ(words.url, url);
        EXPECT_THAT(words.environment, ElementsAre(patience));
    }
}

}  // namespace
}  // namespace mlbilling::postgres_copy
