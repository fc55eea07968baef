#pragma once

#include <curl/curl.h>

#include <memory>

#include "adapters/http_client/curl_upload.hpp"
#include "adapters/http_client/http_call.hpp"
#include "adapters/http_client/http_client.hpp"

namespace mlbilling {

/// A call as curl is told of it. The handle refers to this, and to all that it is given, until it
/// is reset; it must have left its multi handle when this goes.
class CurlRequest {
  public:
    /// `upload` may be null. Only what `unpacks` may come packed.
    CurlRequest(CURL* easy, const HttpOptions& options, const HttpCall& call, CurlUpload* upload,
                bool unpacks);
    CurlRequest(const CurlRequest&) = delete;
    CurlRequest& operator=(const CurlRequest&) = delete;

  private:
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    struct FreeMime {
        void operator()(curl_mime* mime) const { curl_mime_free(mime); }
    };

    template <class Option>
    void set(CURLoption option, Option value);
    void set_safety(const HttpOptions& options);
    void set_deadlines();
    void set_request();
    void set_upload();
    void set_parts();
    void add_content(curl_mimepart* part);
    void set_headers();
    void set_signing(const AwsSigning& signing);

    CURL* easy_;
    const HttpCall& call_;
    CurlUpload* upload_;
    bool unpacks_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::unique_ptr<curl_mime, FreeMime> mime_;
};

}  // namespace mlbilling
