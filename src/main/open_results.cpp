#include "main/open_results.hpp"

#include "adapters/files/result_store.hpp"
#include "adapters/s3/result_store.hpp"

namespace mlbilling {

std::unique_ptr<ResultStore> open_results(const Config& config, boost::asio::any_io_executor loop,
                                          Clock& clock, Random& random) {
    if (const auto* directory = std::get_if<ResultDirectory>(&config.results))
        return std::make_unique<files::FileResultStore>(directory->path);
    return std::make_unique<s3::S3ResultStore>(
        std::move(loop), clock, random, std::get<s3::S3Options>(config.results), config.outgoing);
}

}  // namespace mlbilling
