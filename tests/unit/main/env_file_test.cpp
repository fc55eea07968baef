#include "main/env_file.hpp"

#include <gtest/gtest.h>

namespace mlbilling {
namespace {

std::optional<std::string> outside(std::string_view name) {
    if (name == "HOME_OF_ALL") return "/home";
    if (name == "EMPTY") return "";
    return std::nullopt;
}

Environment read(std::string_view content) {
    const auto parsed = parse_env_file(content, outside);
    EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
    return parsed.ok() ? *parsed : Environment{};
}

std::string value(std::string_view text) { return read("A=" + std::string(text)).at("A"); }

std::string problem(std::string_view content) {
    const auto parsed = parse_env_file(content, outside);
    EXPECT_FALSE(parsed.ok()) << content;
    return parsed.ok() ? "" : parsed.error().message;
}

TEST(EnvFile, LinesCommentsQuotesAndExports) {
    EXPECT_EQ(read("# a comment\n\nA=1\nexport B = two words # tail\nC='x # y'\nD=\"q\"\r\nE=\n"),
              (Environment{{"A", "1"}, {"B", "two words"}, {"C", "x # y"}, {"D", "q"}, {"E", ""}}));
}

TEST(EnvFile, IsReadAsComposeReadsIt) {
    EXPECT_EQ(read("\xEF\xBB\xBFSTART_BALANCE=25\r\nLOG_LEVEL=info\r\n"),
              (Environment{{"START_BALANCE", "25"}, {"LOG_LEVEL", "info"}}));
    EXPECT_EQ(value("   # comma-separated\n"), "");
    EXPECT_EQ(value("\"25\" # at registration"), "25");
    EXPECT_EQ(value("'25'\t# at registration"), "25");
    EXPECT_EQ(value("value# no comment"), "value# no comment");
    EXPECT_EQ(value("#no-comment"), "#no-comment");
    EXPECT_EQ(value("  two  words\t# tail"), "two  words");
    EXPECT_EQ(value("a\"b\"c"), "a\"b\"c");
    EXPECT_EQ(read("export\tA: 1\nB\n"), (Environment{{"A", "1"}}));
    EXPECT_EQ(read("A=1\nA=2"), (Environment{{"A", "2"}}));
}

TEST(EnvFile, QuotesHoldLinesAndEscapes) {
    EXPECT_EQ(value(R"("a\tb\\c\"d\n")"), "a\tb\\c\"d\n");
    EXPECT_EQ(value(R"('a\tb\'c')"), "a\\tb'c");
    EXPECT_EQ(read("A=\"one\ntwo\"\nB=3\n"), (Environment{{"A", "one\ntwo"}, {"B", "3"}}));
    EXPECT_EQ(value("'$HOME_OF_ALL'"), "$HOME_OF_ALL");
}

TEST(EnvFile, NamesOtherVariables) {
    EXPECT_EQ(value("$HOME_OF_ALL/x"), "/home/x");
    EXPECT_EQ(value("\"${HOME_OF_ALL}/x\""), "/home/x");
    EXPECT_EQ(read("A=1\nB=${A}2\n").at("B"), "12");
    EXPECT_EQ(value("${NOBODY:-x}${EMPTY:-y}${EMPTY-z}${NOBODY-}"), "xy");
    EXPECT_EQ(value("pa$$word\\$1 5$"), "pa$word$1 5$");
}

TEST(EnvFile, WhatWouldBecomeSomethingElseIsRefused) {
    for (const auto* text :
         {"A=pa$word", "A=${HOME_OF_ALL", "A=${HOME_OF_ALL:?why}", "A=${}", "A=\"x\"y", "A=\"x\"#y",
          "A='x", "A=\"x", "not an assignment", "=1", "1A=2", "A B=1"})
        EXPECT_TRUE(problem(text).starts_with(".env line 1 ")) << text;
    EXPECT_EQ(problem("A=pa$geheim").find("pa$"), std::string::npos);
}

TEST(EnvFile, ABadLineIsNamed) {
    EXPECT_TRUE(problem("A=1\nnot an assignment\n").starts_with(".env line 2 "));
    EXPECT_TRUE(problem("A=\"1\n2\"\n\n# x\nB='\n").starts_with(".env line 5 "));
}

}  // namespace
}  // namespace mlbilling
