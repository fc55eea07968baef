// Debian's libcurl can speak RTMP, by a library that brings GnuTLS into every process; its start at
// load time takes most of a megabyte. Nothing of ours speaks RTMP, and our TLS is OpenSSL's. GnuTLS
// asks the program by this name whether to leave its start out (gnutls/gnutls.h,
// GNUTLS_SKIP_GLOBAL_INIT).
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
int _gnutls_global_init_skip();
int _gnutls_global_init_skip() { return 1; }
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
