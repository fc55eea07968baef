#pragma once

#include <curl/curl.h>

#include <memory>
#include <vector>

namespace mlbilling {

/// curl's handles for single requests, used again: to make one costs as much as a small request.
/// Used on the loop's thread.
class CurlHandles {
  public:
    struct Free {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    using Handle = std::unique_ptr<CURL, Free>;

    /// One with nothing set.
    Handle take();
    /// Takes back a handle that is in no multi handle.
    void give_back(Handle easy);

  private:
    std::vector<Handle> idle_;
};

}  // namespace mlbilling
