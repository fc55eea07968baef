#include "adapters/http_server/http_service.hpp"

#include <utility>

#include "adapters/http_server/http_connection.hpp"

namespace mlbilling {
namespace {

using Phase = HttpConnection::Phase;

/// Which of two goes first: the lower.
std::pair<int, std::uint64_t> rank(const HttpConnection& connection) {
    int kind = 2;
    if (connection.phase() == Phase::idle) kind = 0;
    if (connection.phase() == Phase::reading) kind = 1;
    return {kind, connection.since()};
}

/// Closes the lowest of those that may go.
template <class MayGo>
bool close_one(const HttpService& service, const MayGo& may_go) {
    std::shared_ptr<HttpConnection> chosen;
    for (const auto& [id, connection] : service.connections()) {
        if (connection->is_closed() || connection->phase() == Phase::answering) continue;
        if (!may_go(*connection)) continue;
        if (!chosen || rank(*connection) < rank(*chosen)) chosen = connection;
    }
    if (!chosen) return false;
    chosen->close();
    return true;
}

}  // namespace

std::uint64_t HttpService::add(std::shared_ptr<HttpConnection> connection) {
    const auto id = next_id_++;
    connections_.emplace(id, std::move(connection));
    return id;
}

bool HttpService::make_room() {
    return close_one(*this, [](const HttpConnection&) { return true; });
}

bool HttpService::make_room_for_bytes(const HttpConnection& asking) {
    return close_one(*this, [&](const HttpConnection& other) {
        return &other != &asking && other.is_half_read() && other.held() > 0;
    });
}

void HttpService::bound_half_read(const HttpConnection& asking) {
    std::size_t count = 0;
    const auto is_alike = [&](const HttpConnection& other) {
        return &other != &asking && other.is_half_read() && other.address() == asking.address();
    };
    for (const auto& [id, connection] : connections_)
        if (!connection->is_closed() && is_alike(*connection)) ++count;
    if (count >= limits.max_half_read_per_client) close_one(*this, is_alike);
}

}  // namespace mlbilling
