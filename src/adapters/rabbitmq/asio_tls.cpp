// Asio's TLS compiled once (separate compilation), in the only folder that uses it.
#include <boost/asio/ssl/impl/src.hpp>
