#include <gmock/gmock.h>

#include "adapters/http_server/request_target.hpp"
#include "sandbox/bot_service.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/page_files.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/same_site.hpp"

namespace mlbilling::sandbox {
namespace {

HttpRequest request_of(const std::string& type, const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.headers["content-type"] = type;
    request.query = {{"chat_id", "1"}, {"text", "from the query"}};
    request.body = body;
    return request;
}

TEST(RequestTarget, DecodesOnlyWhatIsWhole) {
    EXPECT_EQ(parse_target("/a%2Fb?x=%D1%8F#f")->path, "/a/b");
    EXPECT_EQ(parse_target("/?a&b=&=c&&d=1=2")->query,
              (std::map<std::string, std::string>{{"a", ""}, {"b", ""}, {"", "c"}, {"d", "1=2"}}));
    for (const char* bad : {"", "*", "a/b", "http://x/", "/%", "/%4", "/%zz", "/%00", "/?a=%q1"}) {
        EXPECT_FALSE(parse_target(bad).has_value()) << bad;
    }
    std::string many = "a=1";
    for (int i = 0; i < 1000; ++i) many += "&a=1";
    EXPECT_FALSE(parse_form(many).has_value());
}

TEST(SandboxParameters, ComeFromQueryJsonFormAndMultipart) {
    const auto plain = read_parameters(request_of("", ""));
    EXPECT_EQ(plain->text("text"), "from the query");
    const auto parsed = read_parameters(
        request_of("application/json; charset=utf-8",
                   R"({"chat_id":-5,"text":"я","nothing":null,"yes":true,"nested":{"a":[1]}})"));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->number("chat_id"), -5);
    EXPECT_EQ(parsed->text("text"), "я");
    EXPECT_FALSE(parsed->has("nothing"));
    EXPECT_TRUE(parsed->flag("yes"));
    EXPECT_EQ(parsed->text("nested"), R"({"a":[1]})");
    const auto form =
        read_parameters(request_of("application/x-www-form-urlencoded", "text=a+b&chat_id=7"));
    EXPECT_EQ(form->text("text"), "a b");
    EXPECT_EQ(form->number("chat_id"), 7);
    const auto parts =
        read_parameters(request_of("multipart/form-data; boundary=B",
                                   "--B\r\nContent-Disposition: form-data; name=\"voice\"; "
                                   "filename=\"v.ogg\"\r\nContent-Type: audio/ogg\r\n\r\nOgg\r\n"
                                   "--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
                                   "c\r\n--B--"));
    ASSERT_TRUE(parts.ok());
    EXPECT_EQ(parts->text("text"), "c");
    ASSERT_NE(parts->file("voice"), nullptr);
    EXPECT_EQ(parts->file("voice")->name, "v.ogg");
    EXPECT_EQ(parts->file("voice")->bytes, "Ogg");
}

TEST(SandboxParameters, HostileBodiesAreRefused) {
    const auto status = [](const std::string& type, const std::string& body) {
        const auto parameters = read_parameters(request_of(type, body));
        return parameters.ok() ? 200 : parameters.error().status;
    };
    EXPECT_EQ(status("application/json", "[1]"), 400);
    EXPECT_EQ(status("application/json", "{"), 400);
    EXPECT_EQ(status("application/json", "{\"a\":\"\xff\"}"), 400);
    EXPECT_EQ(status("application/json", "{\"a\":" + std::string(5000, '[') + "}"), 400);
    EXPECT_EQ(status("application/json", std::string((1 << 20) + 1, ' ')), 413);
    EXPECT_EQ(status("application/x-www-form-urlencoded", "a=%"), 400);
    EXPECT_EQ(status("multipart/form-data; boundary=B", "--B\r\n"), 400);
    const auto form = [](const std::string& extra, std::size_t size) {
        return "--B\r\nContent-Disposition: form-data; name=\"a\"" + extra + "\r\n\r\n" +
               std::string(size, 'x') + "\r\n--B--";
    };
    const std::string type = "multipart/form-data; boundary=B";
    EXPECT_EQ(status(type, form("", (1 << 20) + 1)), 400);
    EXPECT_EQ(status(type, form("; filename=\"f\"", 50U << 20U)), 200);
    EXPECT_EQ(status(type, form("; filename=\"f\"", (50U << 20U) + 1)), 413);
}

TEST(SandboxParameters, NumbersAreWholeOrAbsent) {
    const Parameters parameters(
        {{"a", " 12 "}, {"b", "1x"}, {"c", ""}, {"d", "99999999999999999999"}, {"e", "-3"}});
    EXPECT_EQ(parameters.number("a"), 12);
    EXPECT_FALSE(parameters.number("b").has_value());
    EXPECT_FALSE(parameters.number("c").has_value());
    EXPECT_FALSE(parameters.number("d").has_value());
    EXPECT_EQ(parameters.number_within("e", 1, 0, 10), 0);
    EXPECT_EQ(parameters.number_within("missing", 7, 0, 10), 7);
}

TEST(SandboxToken, HasANumberAColonAndASecret) {
    EXPECT_EQ(bot_of_token("123:abc"), 123);
    EXPECT_EQ(bot_of_token("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"), 110'201'543);
    for (const char* bad :
         {"", "abc", "123", "123:", ":abc", "0123:a", "-1:a", "12x:a", "99999999999999999999:a"}) {
        EXPECT_FALSE(bot_of_token(bad).has_value()) << bad;
    }
    EXPECT_FALSE(bot_of_token("1:" + std::string(80, 'a')).has_value());
}

TEST(SandboxFaults, StrikeInOrderAsOftenAsAskedFor) {
    Faults faults;
    Fault any;
    any.method = "*";
    any.kind = Fault::Kind::drop_before;
    Fault voice;
    voice.method = "sendvoice";
    voice.count = 2;
    ASSERT_TRUE(faults.add(voice).ok());
    ASSERT_TRUE(faults.add(any).ok());
    EXPECT_EQ(faults.strike("sendvoice")->kind, Fault::Kind::internal_error);
    EXPECT_EQ(faults.strike("getme")->kind, Fault::Kind::drop_before);
    EXPECT_FALSE(faults.strike("getme").has_value());
    EXPECT_EQ(faults.all().at(0).count, 1);
    EXPECT_TRUE(faults.strike("sendvoice").has_value());
    EXPECT_FALSE(faults.strike("sendvoice").has_value());
    Fault bad;
    EXPECT_FALSE(faults.add(bad).ok());
    bad.method = "*";
    bad.count = 0;
    EXPECT_FALSE(faults.add(bad).ok());
}

TEST(SandboxFaults, EveryNameMeansOneKind) {
    for (const char* name : {"429", "403", "400", "500", "502html", "timeout", "stall",
                             "drop_before", "drop_after", "truncate"}) {
        const auto kind = fault_named(name);
        ASSERT_TRUE(kind.has_value()) << name;
        EXPECT_EQ(name_of(*kind), name);
    }
    EXPECT_FALSE(fault_named("unknown").has_value());
}

HttpRequest from_browser(const std::string& host, const std::string& origin = "") {
    HttpRequest request;
    if (!host.empty()) request.headers["host"] = host;
    if (!origin.empty()) request.headers["origin"] = origin;
    return request;
}

TEST(SameSite, OnlyNamesOfThisMachineAreTakenForIt) {
    for (const char* own :
         {"127.0.0.1:8090", "localhost", "LOCALHOST:1", "[::1]:8090", "10.1.2.3:8090"}) {
        EXPECT_TRUE(names_this_host(from_browser(own), "10.1.2.3")) << own;
    }
    for (const char* foreign : {"", "evil.example:8090", "10.1.2.4", "localhost.evil.example",
                                "127.0.0.1.evil.example", "[::2]", "127.0.0.1, evil.example"}) {
        EXPECT_FALSE(names_this_host(from_browser(foreign), "10.1.2.3")) << foreign;
    }
    EXPECT_TRUE(names_this_host(from_browser("192.168.7.7:8090"), "0.0.0.0"));
    EXPECT_TRUE(names_this_host(from_browser("sandbox:8090"), "0.0.0.0"));
    EXPECT_FALSE(names_this_host(from_browser("evil.example"), "0.0.0.0"));
    EXPECT_FALSE(names_this_host(from_browser(""), "0.0.0.0"));
    EXPECT_FALSE(names_this_host(from_browser("sandbox:8090"), "127.0.0.1"));
}

TEST(SameSite, APageOfAnotherOriginIsElsewhere) {
    EXPECT_FALSE(comes_from_elsewhere(from_browser("localhost:8090")));
    EXPECT_FALSE(comes_from_elsewhere(from_browser("localhost:8090", "http://localhost:8090")));
    EXPECT_FALSE(comes_from_elsewhere(from_browser("localhost:8090", "https://localhost:8090")));
    EXPECT_TRUE(comes_from_elsewhere(from_browser("localhost:8090", "http://localhost:8091")));
    EXPECT_TRUE(comes_from_elsewhere(from_browser("localhost:8090", "https://evil.example")));
    EXPECT_TRUE(comes_from_elsewhere(from_browser("localhost:8090", "null")));
    const auto with_site = [](const std::string& site) {
        auto request = from_browser("localhost:8090");
        request.headers["sec-fetch-site"] = site;
        return comes_from_elsewhere(request);
    };
    for (const char* elsewhere : {"cross-site", "same-site", "Same-Site", "something new"})
        EXPECT_TRUE(with_site(elsewhere)) << elsewhere;
    EXPECT_FALSE(with_site("same-origin"));
    EXPECT_FALSE(with_site("none"));
}

TEST(PageFiles, AreServedByNameWithAStrictPolicy) {
    const PageFiles files{{"index.html", "<p>"}, {"chat.js", "code"}};
    HttpRequest request;
    request.method = "GET";
    request.path = "/";
    const auto index = serve_page(files, request);
    EXPECT_EQ(index.body, "<p>");
    EXPECT_EQ(index.content_type, "text/html; charset=utf-8");
    const std::map<std::string, std::string> headers(index.headers.begin(), index.headers.end());
    EXPECT_THAT(headers.at("Content-Security-Policy"), testing::StartsWith("default-src 'none';"));
    EXPECT_EQ(headers.at("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.at("Cache-Control"), "no-store");
    request.path = "/chat.js";
    EXPECT_EQ(serve_page(files, request).content_type, "text/javascript; charset=utf-8");
    request.path = "/../chat.js";
    EXPECT_EQ(serve_page(files, request).status, 404);
    request.path = "/";
    request.method = "POST";
    EXPECT_EQ(serve_page(files, request).status, 405);
}

}  // namespace
}  // namespace mlbilling::sandbox
