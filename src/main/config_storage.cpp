#include "adapters/postgres/target.hpp"
#include "base/url_text.hpp"
#include "main/config_sections.hpp"

namespace mlbilling {
namespace {

bool is_postgres(const std::string& url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

void read_postgres(ConfigReader& reader, const std::string& name, const std::string& url) {
    const auto target = postgres::parse_target(url);
    if (!target) return reader.refuse(name, "is not usable: " + target.error().message);
    for (const auto& host : target->hosts)
        if (!host.port.empty() && !is_port(host.port))
            reader.refuse(name, "has a port that is not between 1 and 65535");
}

void read_database(ConfigReader& reader, Config& config) {
    const auto url = reader.text("DATABASE_URL");
    if (!url) return;
    if (is_postgres(*url)) {
        read_postgres(reader, "DATABASE_URL", *url);
        config.database = PostgresUrl{*url};
        return;
    }
    auto file = parse_sqlite_url(*url);
    if (!file) return reader.refuse("DATABASE_URL", file.error().message);
    config.database = SqliteFile{*std::move(file)};
}

void read_replica(ConfigReader& reader, Config& config) {
    const auto url = reader.text("DATABASE_REPLICA_URL");
    if (!url) return;
    if (!is_postgres(*url) || !std::holds_alternative<PostgresUrl>(config.database))
        return reader.refuse("DATABASE_REPLICA_URL",
                             "is not postgresql://…, or DATABASE_URL is not PostgreSQL");
    read_postgres(reader, "DATABASE_REPLICA_URL", *url);
    config.database_replica = *url;
}

void read_bucket(ConfigReader& reader, Config& config, const std::string& url) {
    auto options = s3::parse_s3_url(url);
    if (!options)
        return reader.refuse("RESULT_STORE_URL", "is not usable: " + options.error().message);
    options->access_key_id = reader.text("AWS_ACCESS_KEY_ID").value_or("");
    options->secret_access_key = reader.text("AWS_SECRET_ACCESS_KEY").value_or("");
    options->session_token = reader.text("AWS_SESSION_TOKEN").value_or("");
    if (options->access_key_id.empty())
        reader.refuse("AWS_ACCESS_KEY_ID", "is needed for RESULT_STORE_URL=s3://…");
    if (options->secret_access_key.empty())
        reader.refuse("AWS_SECRET_ACCESS_KEY", "is needed for RESULT_STORE_URL=s3://…");
    config.results = *std::move(options);
}

void read_results(ConfigReader& reader, Config& config) {
    const auto url = reader.text("RESULT_STORE_URL");
    if (!url) return;
    if (url->starts_with("s3://")) return read_bucket(reader, config, *url);
    auto directory = parse_file_url(*url);
    if (!directory) return reader.refuse("RESULT_STORE_URL", directory.error().message);
    config.results = ResultDirectory{*std::move(directory)};
}

}  // namespace

void read_storage(ConfigReader& reader, Config& config) {
    read_database(reader, config);
    read_replica(reader, config);
    read_results(reader, config);
    if (const auto urls = reader.text("RABBITMQ_URL")) {
        auto addresses = rabbitmq::parse_addresses(*urls);
        if (addresses)
            config.rabbitmq = *std::move(addresses);
        else
            reader.refuse("RABBITMQ_URL", "is not usable: " + addresses.error().message);
    }
}

}  // namespace mlbilling
