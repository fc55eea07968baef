#include "adapters/http_client/curl_loop.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {

namespace asio = boost::asio;

/// What curl waits for on one of its sockets. The descriptor only borrows the socket: it is
/// released, never closed, before curl closes it.
struct CurlLoop::Watch {
    explicit Watch(const asio::any_io_executor& executor) : descriptor(executor) {}
    ~Watch() {
        if (descriptor.is_open()) descriptor.release();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    asio::posix::stream_descriptor descriptor;
    int wanted = 0;
    bool reading = false;
    bool writing = false;
};

CurlLoop::CurlLoop(asio::any_io_executor executor)
    : executor_(std::move(executor)), timer_(executor_), multi_(curl_multi_init()) {
    CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
    // Before curl closes its sockets; a wait that is still pending keeps its watch, not the socket.
    while (!watches_.empty()) unwatch(watches_.begin()->first);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
    curl_multi_cleanup(multi_);
}

void CurlLoop::add(CURL* easy) { CHECK(curl_multi_add_handle(multi_, easy) == CURLM_OK); }

void CurlLoop::remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
    auto& loop = *static_cast<CurlLoop*>(self);
    if (what == CURL_POLL_REMOVE) {
        loop.unwatch(socket);
    } else {
        loop.watch(socket, what);
    }
    return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) noexcept {
    static_cast<CurlLoop*>(self)->arm(milliseconds);
    return 0;
}

void CurlLoop::watch(curl_socket_t socket, int wanted) {
    auto& entry = watches_[socket];
    if (!entry) {
        entry = std::make_shared<Watch>(executor_);
        boost::system::error_code error;
        entry->descriptor.assign(socket, error);
        // Saying so to curl would end its multi handle for good; unwatched, this one request runs
        // into its deadline.
        if (error) return;
    }
    entry->wanted = wanted;
    wait(socket, entry);
}

void CurlLoop::unwatch(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    // A pending wait keeps the watch alive, so dropping the entry alone would leave a wait that
    // never ends and a loop that never runs dry.
    if (found->second->descriptor.is_open()) found->second->descriptor.release();
    watches_.erase(found);
}

void CurlLoop::wait(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
    using Wait = asio::posix::descriptor_base;
    const auto listen = [&](Wait::wait_type type, bool Watch::* waiting, int event) {
        if ((*watch).*waiting) return;
        (*watch).*waiting = true;
        watch->descriptor.async_wait(type, [weak = weak_from_this(), socket, watch, waiting,
                                            event](boost::system::error_code error) {
            (*watch).*waiting = false;
            const auto self = weak.lock();
            if (self && !error) self->ready(socket, watch, event);
        });
    };
    if (watch->wanted & CURL_POLL_IN) listen(Wait::wait_read, &Watch::reading, CURL_CSELECT_IN);
    if (watch->wanted & CURL_POLL_OUT) listen(Wait::wait_write, &Watch::writing, CURL_CSELECT_OUT);
}

void CurlLoop::ready(curl_socket_t socket, const std::shared_ptr<Watch>& watch, int event) {
    // The number may by now belong to another connection: an event that was on its way counts only
    // for the watch that asked for it.
    const auto is_current = [&] {
        const auto found = watches_.find(socket);
        return found != watches_.end() && found->second == watch;
    };
    if (!is_current()) return;
    drive(socket, event);
    if (is_current()) wait(socket, watch);
}

void CurlLoop::arm(long milliseconds) {
    timer_.cancel();
    ++armed_;
    if (milliseconds < 0) return;
    // curl must not be called from here, not even for "at once"; to set the kernel's timer for that
    // would cost a system call for each request.
    if (milliseconds == 0) {
        asio::post(executor_, [weak = weak_from_this(), armed = armed_] {
            const auto self = weak.lock();
            if (self && self->armed_ == armed) self->drive(CURL_SOCKET_TIMEOUT, 0);
        });
        return;
    }
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (self && !error) self->drive(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlLoop::drive(curl_socket_t socket, int events) {
    int running = 0;
    CHECK(curl_multi_socket_action(multi_, socket, events, &running) == CURLM_OK);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CurlListener* listener = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &listener);
        listener->ended(message->data.result);
    }
}

}  // namespace mlbilling
