#include "adapters/http_client/http_download.hpp"

#include <utility>

#include "adapters/http_client/curl_transfer.hpp"

namespace mlbilling {

HttpDownload::HttpDownload(std::unique_ptr<CurlTransfer> transfer)
    : transfer_(std::move(transfer)) {}
HttpDownload::~HttpDownload() = default;
HttpDownload::HttpDownload(HttpDownload&&) noexcept = default;
HttpDownload& HttpDownload::operator=(HttpDownload&&) noexcept = default;

int HttpDownload::status() const { return transfer_->status(); }

std::string_view HttpDownload::header(std::string_view name) const {
    return transfer_->header(name);
}

Async<Result<std::string, HttpFailure>> HttpDownload::read() { return transfer_->next_piece(); }

}  // namespace mlbilling
