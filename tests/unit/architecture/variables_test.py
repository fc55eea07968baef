#!/usr/bin/env python3
"""Every variable that the configuration reads is explained in docs/configuration.md, and known by
name to src/main/known_variables.cpp, and none besides."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NAME = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
KNOWN = dict(re.findall(r'\{"(\w+)"(, secret)?\}', (ROOT / "src" / "main" / "known_variables.cpp").read_text()))
FOR_EVERY_SECRET = "NAME_FILE"
MENTION = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")


def read_by_the_program():
    sources = sorted((ROOT / "src" / "main").glob("config*.cpp"))
    return {name for source in sources for name in NAME.findall(source.read_text())}


class Variables(unittest.TestCase):
    def test_each_is_explained(self):
        explained = set(MENTION.findall((ROOT / "docs" / "configuration.md").read_text()))
        self.assertGreater(len(read_by_the_program()), 30)
        self.assertEqual(read_by_the_program() - explained, set(), "read, and not explained")
        self.assertEqual(explained - read_by_the_program() - {FOR_EVERY_SECRET}, set(), "explained, and not read")

    def test_each_is_known_by_name(self):
        self.assertEqual(read_by_the_program() - set(KNOWN), set(), "add it to src/main/known_variables.cpp")
        self.assertEqual({name for name in KNOWN if name.isupper()} - read_by_the_program(), set(), "nobody reads it")

    def test_what_sounds_like_a_secret_is_one(self):
        for name, secret in KNOWN.items():
            if re.search(r"TOKEN$|SECRET|PASSWORD|API_KEY$|PROXY$|^(DATABASE|RABBITMQ).*_URL$", name):
                self.assertTrue(secret or name == "NO_PROXY", name)


if __name__ == "__main__":
    unittest.main()
