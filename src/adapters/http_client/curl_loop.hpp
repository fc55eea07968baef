#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>

#include "adapters/http_client/curl_handles.hpp"

namespace mlbilling {

/// Who is told that a handle has ended; its address is the handle's CURLOPT_PRIVATE.
class CurlListener {
  public:
    /// Must not call into the loop or into curl, only take note.
    virtual void ended(CURLcode code) = 0;

  protected:
    ~CurlListener() = default;
};

/// Drives libcurl's multi interface (socket_action) by an event loop: curl says which sockets and
/// which moment it waits for, the loop says when they are there.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
  public:
    explicit CurlLoop(boost::asio::any_io_executor executor);
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    void add(CURL* easy);
    void remove(CURL* easy);
    const boost::asio::any_io_executor& executor() const { return executor_; }
    CurlHandles& handles() { return handles_; }

  private:
    struct Watch;

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self,
                         void* unused) noexcept;
    static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;

    void watch(curl_socket_t socket, int wanted);
    void unwatch(curl_socket_t socket);
    void wait(curl_socket_t socket, const std::shared_ptr<Watch>& watch);
    void ready(curl_socket_t socket, const std::shared_ptr<Watch>& watch, int event);
    void arm(long milliseconds);
    void drive(curl_socket_t socket, int events);

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    /// Which of curl's wishes is the newest: an earlier one's turn does nothing.
    std::uint64_t armed_ = 0;
    CurlHandles handles_;
    CURLM* multi_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace mlbilling
