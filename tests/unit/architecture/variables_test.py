#!/usr/bin/env python3
"""Every variable that the configuration reads is explained in docs/configuration.md, and none besides."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NAME = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
MENTION = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")


def read_by_the_program():
    sources = sorted((ROOT / "src" / "main").glob("config*.cpp"))
    return {name for source in sources for name in NAME.findall(source.read_text())}


class Variables(unittest.TestCase):
    def test_each_is_explained(self):
        explained = set(MENTION.findall((ROOT / "docs" / "configuration.md").read_text()))
        self.assertGreater(len(read_by_the_program()), 30)
        self.assertEqual(read_by_the_program() - explained, set(), "read, and not explained")
        self.assertEqual(explained - read_by_the_program(), set(), "explained, and not read")


if __name__ == "__main__":
    unittest.main()
