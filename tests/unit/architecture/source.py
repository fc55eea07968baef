"""One file of the repository as the rules see it."""

import re
from functools import cached_property

RAW_STRING = r'R"([^()\\ ]{0,16})\(.*?\)\1"'
COMMENT = r'//[^\n]*|/\*.*?\*/'
STRING = r'"(?:\\.|[^"\\\n])*"'
# Not the apostrophe in 1'000.
CHARACTER = r"(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"
TOKENS = re.compile("|".join((RAW_STRING, COMMENT, STRING, CHARACTER)), re.DOTALL)


def blanked(match):
    """Comments and the insides of strings become spaces; line breaks stay where they are."""
    return re.sub(r"[^\n]", " ", match.group())


class Source:
    def __init__(self, path, text):
        self.path = path
        self.text = text

    @property
    def is_cpp(self):
        return self.path.endswith((".cpp", ".hpp"))

    @property
    def is_header(self):
        return self.path.endswith(".hpp")

    @property
    def in_src(self):
        return self.path.startswith("src/")

    @property
    def folder(self):
        """The part of the architecture that a file of src/ belongs to: `bot`, `adapters/sqlite`."""
        return folder_of(self.path.removeprefix("src/"))

    @cached_property
    def lines(self):
        return self.text.split("\n")

    @cached_property
    def code(self):
        """The text without comments and without the insides of strings."""
        return TOKENS.sub(blanked, self.text)

    @cached_property
    def quoting_lines(self):
        """Numbers of the lines that a raw string touches: SQL, JSON, somebody else's text."""
        numbers = set()
        for match in TOKENS.finditer(self.text):
            if match.group().startswith('R"'):
                first = self.text.count("\n", 0, match.start()) + 1
                numbers.update(range(first, first + match.group().count("\n") + 1))
        return numbers

    @cached_property
    def code_lines(self):
        return self.code.split("\n")


def folder_of(path):
    parts = path.split("/")
    if len(parts) == 1:
        return ""
    return "/".join(parts[:2]) if parts[0] == "adapters" and len(parts) > 2 else parts[0]
