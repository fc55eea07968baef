// Owns the tests' precompiled header (tests/CMakeLists.txt); a header needs a file to belong to.
