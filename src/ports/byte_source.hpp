#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling {

/// Bytes that are handed on while they are read, so that only a piece of them is in memory. Their
/// number is known from the beginning; they can be read once.
class ByteSource {
  public:
    /// Bytes of the largest piece.
    static constexpr std::size_t largest_piece = std::size_t{64} << 10;

    virtual ~ByteSource() = default;

    /// Of all pieces together.
    virtual std::size_t size() const = 0;
    /// The next piece; empty only when all were read. Throws Unavailable when the rest cannot be
    /// had, also when less of it is there than was said.
    virtual Async<std::string> read() = 0;
};

/// What is in memory anyway.
class HeldBytes final : public ByteSource {
  public:
    explicit HeldBytes(std::string bytes)
        : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}
    /// For sending the same bytes more than once.
    explicit HeldBytes(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {}

    std::size_t size() const override { return bytes_->size(); }
    Async<std::string> read() override {
        auto piece = bytes_->substr(read_, largest_piece);
        read_ += piece.size();
        co_return piece;
    }

  private:
    std::shared_ptr<const std::string> bytes_;
    std::size_t read_ = 0;
};

/// All that is left. Only for what is known to be small.
inline Async<std::string> read_to_end(std::unique_ptr<ByteSource> source) {
    std::string bytes;
    for (;;) {
        const auto piece = co_await source->read();
        if (piece.empty()) co_return bytes;
        bytes += piece;
    }
}

}  // namespace mlbilling
