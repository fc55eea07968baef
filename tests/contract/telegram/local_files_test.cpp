#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "contract/telegram/fixture.hpp"
#include "support/temporary_directory.hpp"

// Files of a Bot API server that runs with --local on this machine.
namespace mlbilling::telegram {
namespace {

namespace fs = std::filesystem;

class TelegramLocalFiles : public TelegramApiTest {
  protected:
    TelegramLocalFiles() {
        fs::create_directories(directory / token / "voice");
        auto local = options();
        local.local_files = directory.string();
        use(std::move(local));
    }
    fs::path file(const std::string& name, const std::string& content = "OggS") const {
        const auto path = directory / token / "voice" / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    /// What a download comes to when getFile names the path.
    Outcome<std::string> download(const fs::path& path) {
        answer_result(R"({"file_path":")" + path.string() + "\"}");
        return run(api->download("V", 100));
    }
    Failure failure_of(const fs::path& path) {
        const auto outcome = download(path);
        EXPECT_FALSE(outcome.ok()) << path;
        if (outcome.ok()) return Failure::bad_request;
        EXPECT_EQ(outcome.error().description.find(token), std::string::npos);
        EXPECT_EQ(last_request().target, "/bot" + token + "/getFile") << path;
        return outcome.error().failure;
    }

    test::TemporaryDirectory temporary;
    fs::path directory = temporary.path() / "server";
};

TEST_F(TelegramLocalFiles, AFileIsReadFromTheDisk) {
    const auto bytes = download(file("file_0.oga"));
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(*bytes, "OggS");
    EXPECT_EQ(requests(), 1U);
    EXPECT_EQ(metrics.calls, (std::vector<std::string>{"getFile ok", "download ok"}));
}

TEST_F(TelegramLocalFiles, AServerWithoutTheModeIsAskedOverHttpAllTheSame) {
    script = [this](const Request& request) {
        const bool asks = request.target == "/bot" + token + "/getFile";
        return test::reply_with(
            200, asks ? R"({"ok":true,"result":{"file_path":"voice/file_1.oga"}})" : "OggS");
    };
    EXPECT_TRUE(run(api->download("V", 100)).ok());
    EXPECT_EQ(last_request().target, "/file/bot" + token + "/voice/file_1.oga");
}

TEST_F(TelegramLocalFiles, NothingOutsideOfTheServersDirectoryIsRead) {
    const auto secret = temporary.path() / "secret";
    std::ofstream(secret) << "secret";
    fs::create_directories(temporary.path() / "server-of-another");
    std::ofstream(temporary.path() / "server-of-another/x") << "secret";
    fs::create_symlink(secret, directory / "link");
    fs::create_directory_symlink(temporary.path(), directory / "folder");
    for (const auto& path :
         {secret, directory / "../secret", directory / "folder/secret", directory / "link",
          directory / "./link", temporary.path() / "server-of-another/x", fs::path("/etc/passwd"),
          directory})
        EXPECT_EQ(failure_of(path), Failure::file_unavailable) << path;
}

TEST_F(TelegramLocalFiles, WhatIsNoRegularFileIsNotWaitedFor) {
    const auto pipe = directory / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(failure_of(pipe), Failure::file_unavailable);
    EXPECT_EQ(failure_of(directory / token), Failure::file_unavailable);
    EXPECT_EQ(failure_of(directory / token / "voice/gone"), Failure::file_unavailable);
}

TEST_F(TelegramLocalFiles, ALargeFileIsRefusedUnread) {
    EXPECT_TRUE(download(file("fits", std::string(100, 'x'))).ok());
    EXPECT_EQ(failure_of(file("large", std::string(101, 'x'))), Failure::too_large);
}

TEST_F(TelegramLocalFiles, WithoutTheDirectoryTheOperatorIsToldWhatToSet) {
    use(options());
    const auto outcome = download(file("file_0.oga"));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().failure, Failure::file_unavailable);
    EXPECT_NE(outcome.error().description.find("TELEGRAM_LOCAL_FILES"), std::string::npos);
}

}  // namespace
}  // namespace mlbilling::telegram
