#!/usr/bin/python3
"""What the binary brings into the memory of every process. usage: binary_test.py <mlbilling>"""

import subprocess
import sys
import unittest

BINARY = sys.argv.pop(1)


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Binary(unittest.TestCase):
    def test_no_library_comes_along_that_nothing_calls(self):
        libraries = output_of("ldd", BINARY)
        self.assertIn("libcurl.so", libraries)
        for unwanted in ("liblapack", "libblas", "libgfortran", "libpulse", "libasound"):
            self.assertNotIn(unwanted, libraries)

    def test_gnutls_is_told_not_to_start(self):
        self.assertIn(" T _gnutls_global_init_skip", output_of("nm", "--dynamic", BINARY))


if __name__ == "__main__":
    unittest.main()
