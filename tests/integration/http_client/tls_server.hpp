#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <thread>

namespace mlbilling::test {

/// Answers HTTPS connections one after another with an empty 200, on a thread of its own, with a
/// certificate that it has signed itself for the host that it is given.
class TlsServer {
  public:
    TlsServer(const std::string& host, const std::string& certificate_file);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    unsigned short port() const { return port_; }

  private:
    void serve();

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    int listener_ = -1;
    unsigned short port_ = 0;
    std::thread thread_;
};

}  // namespace mlbilling::test
