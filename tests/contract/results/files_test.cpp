#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "adapters/files/blobs.hpp"
#include "adapters/files/result_store.hpp"
#include "base/descriptor.hpp"
#include "base/unavailable.hpp"
#include "read_blob.hpp"
#include "results_contract.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;
using files::FileResultStore;

int count_files(const fs::path& directory) {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
        if (!entry.is_directory()) ++count;
    return count;
}

void set_age(const fs::path& path, std::chrono::hours age) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

Time hours_ago(int hours) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    return now - std::chrono::hours(hours);
}

class FilesHarness final : public ResultStoreHarness {
  public:
    boost::asio::io_context& loop() override { return loop_; }
    ResultStore& store() override { return store_; }
    Time between() override {
        for (const auto& entry : fs::recursive_directory_iterator(directory_.path()))
            set_age(entry.path(), std::chrono::hours(3));
        return hours_ago(2);
    }

  private:
    TemporaryDirectory directory_;
    boost::asio::io_context loop_;
    FileResultStore store_{directory_.path()};
};

INSTANTIATE_TEST_SUITE_P(Files, ResultStoreContract,
                         testing::Values(ResultStoreMaker{
                             "Files", [] { return std::make_unique<FilesHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

class FileResultStoreTest : public testing::Test {
  protected:
    void put(const std::string& key, std::string bytes) {
        run(loop_, store_.put(ResultKey(key), std::move(bytes)));
    }
    std::optional<std::string> get(const std::string& key) {
        return run(loop_, read_blob(&store_, ResultKey(key)));
    }

    TemporaryDirectory directory_;
    boost::asio::io_context loop_;
    FileResultStore store_{directory_.path() / "results"};
};

/// Whether the kernel and the file system of the path can read without waiting at all.
bool reads_without_waiting(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char byte = 0;
    const iovec place{&byte, 1};
    struct open_how how = {};
    how.resolve = RESOLVE_CACHED;
    const Descriptor again(
        static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
    return again.is_open() && ::preadv2(file.number(), &place, 1, 0, RWF_NOWAIT) == 1;
}

/// Leaves the file on the disk alone; false where there is none, as on tmpfs.
bool forget_in_memory(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct statfs system = {};
    return ::fstatfs(file.number(), &system) == 0 && system.f_type != TMPFS_MAGIC &&
           ::fsync(file.number()) == 0 &&
           ::posix_fadvise(file.number(), 0, 0, POSIX_FADV_DONTNEED) == 0;
}

TEST_F(FileResultStoreTest, OnlyWhatIsInTheMachinesMemoryIsReadWithoutAThread) {
    const auto directory = directory_.path() / "results";
    const std::string key = "7_1/1/0.ogg";
    const std::string bytes(300'000, 'v');
    put(key, bytes);
    if (!reads_without_waiting(directory / key)) GTEST_SKIP() << "this file system cannot";
    const auto blob = files::open_cached_blob(directory, key);
    ASSERT_TRUE(blob.has_value());
    EXPECT_EQ(blob->size, bytes.size());
    EXPECT_EQ(files::read_cached_piece(blob->descriptor, 100, 200'000), bytes.substr(100, 200'000));
    EXPECT_FALSE(files::read_cached_piece(blob->descriptor, 200'000, 100'001).has_value());
    EXPECT_FALSE(files::open_cached_blob(directory, "7_1/1/1.ogg").has_value());
    EXPECT_FALSE(files::open_cached_blob(directory, "7_1/1").has_value());
    if (!forget_in_memory(directory / key)) GTEST_SKIP() << "this file system has no disk";
    EXPECT_FALSE(files::read_cached_piece(blob->descriptor, 0, bytes.size()).has_value());
    EXPECT_EQ(get(key), bytes);
}

/// Makes every file of this process end at the size, as a full disk does.
class FullDisk {
  public:
    explicit FullDisk(rlim_t size) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{size, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
};

TEST_F(FileResultStoreTest, AFullDiskIsUnavailableAndLeavesNothing) {
    put("1_2/1/0.ogg", "the old one");
    {
        const FullDisk full(1000);
        EXPECT_THROW(put("1_2/1/0.ogg", std::string(5000, 'x')), Unavailable);
        EXPECT_THROW(put("1_2/1/1.ogg", std::string(5000, 'x')), Unavailable);
    }
    EXPECT_EQ(get("1_2/1/0.ogg"), "the old one");
    EXPECT_EQ(get("1_2/1/1.ogg"), std::nullopt);
    EXPECT_EQ(count_files(directory_.path()), 1);
}

TEST_F(FileResultStoreTest, TheDirectoryHoldsTheBlobUnderItsKey) {
    put("1_2/1/0.ogg", "x");
    EXPECT_TRUE(fs::is_regular_file(directory_.path() / "results/1_2/1/0.ogg"));
}

TEST_F(FileResultStoreTest, LinksAreNotFollowed) {
    std::ofstream(directory_.path() / "secret") << "secret";
    put("1_2/1/0.ogg", "x");
    fs::create_symlink(directory_.path() / "secret", directory_.path() / "results/1_2/1/1.ogg");
    EXPECT_THROW(get("1_2/1/1.ogg"), Unavailable);
    put("1_2/1/1.ogg", "replaced");
    std::ifstream secret(directory_.path() / "secret");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(secret), {}), "secret");
}

TEST_F(FileResultStoreTest, AFileThatIsTooLargeToBeABlobIsNotRead) {
    put("1_2/1/0.ogg", "x");
    fs::resize_file(directory_.path() / "results/1_2/1/0.ogg", largest_result + 1);
    EXPECT_THROW(get("1_2/1/0.ogg"), Unavailable);
}

TEST_F(FileResultStoreTest, WhatIsReplacedOrRemovedWhileItIsReadIsReadAsItWas) {
    const std::string first(100'000, 'a');
    put("7_1/1/0.ogg", first);
    auto blob = run(loop_, store_.open(ResultKey("7_1/1/0.ogg")));
    auto read = run(loop_, blob->read());
    put("7_1/1/0.ogg", "second");
    run(loop_, store_.remove(ResultKey("7_1/1/0.ogg")));
    read += run(loop_, blob->read());
    EXPECT_EQ(read, first);
}

TEST_F(FileResultStoreTest, ABlobThatLosesItsEndWhileItIsReadIsUnavailable) {
    put("7_1/1/0.ogg", std::string(100'000, 'a'));
    auto blob = run(loop_, store_.open(ResultKey("7_1/1/0.ogg")));
    run(loop_, blob->read());
    fs::resize_file(directory_.path() / "results/7_1/1/0.ogg", 70'000);
    EXPECT_THROW(run(loop_, blob->read()), Unavailable);
}

TEST_F(FileResultStoreTest, LeftoversOfAnInterruptedPutAreSweptAndNeverRead) {
    const auto leftover = directory_.path() / "results/1_2/1/.writing-1-1";
    put("1_2/1/0.ogg", "x");
    std::ofstream(leftover) << "half";
    EXPECT_EQ(get("1_2/1/.writing-1-1"), std::nullopt);
    set_age(leftover, std::chrono::hours(3));
    EXPECT_EQ(run(loop_, store_.remove_older_than(hours_ago(2))), 0);
    EXPECT_FALSE(fs::exists(leftover));
    EXPECT_EQ(get("1_2/1/0.ogg"), "x");
}

TEST_F(FileResultStoreTest, EmptyDirectoriesGoWithTheirBlobs) {
    put("1_2/1/0.ogg", "x");
    for (const auto* path : {"results/1_2/1/0.ogg", "results/1_2/1", "results/1_2"})
        set_age(directory_.path() / path, std::chrono::hours(3));
    run(loop_, store_.remove_older_than(hours_ago(2)));
    EXPECT_FALSE(fs::exists(directory_.path() / "results/1_2"));
    EXPECT_TRUE(fs::exists(directory_.path() / "results"));
}

TEST_F(FileResultStoreTest, NothingIsPutOutsideTheDirectory) {
    EXPECT_DEATH(put("../outside", "x"), "is_result_key");
}

TEST(FileResultStore, ADirectoryThatCannotBeMadeIsUnavailable) {
    TemporaryDirectory directory;
    std::ofstream(directory.path() / "file") << "x";
    EXPECT_THROW(FileResultStore(directory.path() / "file/below"), Unavailable);
}

}  // namespace
}  // namespace mlbilling::test
