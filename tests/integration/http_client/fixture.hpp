#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "adapters/http_client/http_client.hpp"
#include "integration/http_client/scripted_server.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// A client, a server whose script the test sets, and the loop that both run on.
class HttpClientTest : public ::testing::Test {
  protected:
    using Kind = ScriptedReply::Kind;

    HttpCall get(const std::string& path) const {
        HttpCall call;
        call.url = server.url() + path;
        return call;
    }
    HttpCall post(const std::string& path, std::string body) const {
        HttpCall call = get(path);
        call.method = HttpMethod::post;
        call.body = std::move(body);
        return call;
    }
    HttpResult perform(HttpCall call) { return run(loop, client->perform(std::move(call))); }
    void use(HttpOptions options) {
        client = std::make_unique<HttpClient>(loop.get_executor(), std::move(options));
    }
    void answer_always(ScriptedReply reply) {
        script = [reply](const ScriptedRequest&) { return reply; };
    }

    boost::asio::io_context loop{1};
    ScriptedServer::Script script = [](const ScriptedRequest&) { return reply_with(200, "ok"); };
    ScriptedServer server{loop, [this](const ScriptedRequest& request) { return script(request); }};
    std::unique_ptr<HttpClient> client =
        std::make_unique<HttpClient>(loop.get_executor(), HttpOptions());
};

}  // namespace mlbilling::test
