// Asio and Beast compiled once (separate compilation), and the owner of the precompiled header.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
