#include "main/open_results.hpp"

#include "adapters/files/result_store.hpp"
#include "adapters/s3/s3_result_store.hpp"
#include "base/check.hpp"

namespace mlbilling {

std::unique_ptr<ResultStore> open_results(const Config& config, boost::asio::any_io_executor loop,
                                          Clock& clock, Random& random) {
    constexpr std::string_view file = "file:";
    const auto& url = config.results_url;
    if (url.starts_with(file))
        return std::make_unique<files::FileResultStore>(url.substr(file.size()));
    auto options = s3::parse(url);
    CHECK(options.ok());
    return std::make_unique<s3::S3ResultStore>(std::move(loop), clock, random,
                                               *std::move(options));
}

}  // namespace mlbilling
