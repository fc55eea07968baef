"""What a PromQL expression reads."""

import re

# A metric with its matchers; what a bracket follows is a function.
SELECTOR = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^}]*\})?")
WORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset"}
GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\([^)]*\)")
RANGE = re.compile(r"\[[^\]]*\]")
TEXT = re.compile(r'"[^"]*"')


def selectors(expression):
    """The instant vectors that the expression reads, each once, in the order of the text."""
    stripped = RANGE.sub("", GROUPING.sub("", expression))
    found = {}
    for match in SELECTOR.finditer(stripped):
        word = match.group()
        in_text = any(text.start() <= match.start() < text.end() for text in TEXT.finditer(stripped))
        calls = stripped[match.end():].lstrip().startswith("(")
        in_number = stripped[:match.start()].endswith(tuple("0123456789."))
        if word not in WORDS and not (calls or in_text or in_number):
            found[word] = True
    return list(found)
