"""What the repository cites of its own documents: `telegram.md 1.4`, `design.md, Speed`, `Money rule 6`, and links."""

import pathlib
import re
from functools import lru_cache

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCUMENT = re.compile(r"(?<![\w/.\]-])((?:[\w.-]+/)*[A-Za-z][\w.-]*\.md)\b")
# What may follow the name: a section's number, or the words of its heading.
NUMBER = re.compile(r"(?:,? section)? (\d+(?:\.\d+)*)\b")
WORDS = re.compile(r", ([A-Z][\w' ]*\w)")
MONEY_RULE = re.compile(r"\bMoney rule (\d+)\b")
LINK = re.compile(r"\]\(([^()\s]+)\)")
# A comment goes on in the next line.
CONTINUED = re.compile(r"\s*\n\s*(?://+|--|#+|\*)?\s*")
HEADING = re.compile(r"^#+ (.*?)\s*$", re.MULTILINE)
RULES_ABOUT_MONEY = "docs/design.md"


@lru_cache(maxsize=None)
def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def headings(path):
    return HEADING.findall(text_of(path))


def found(name, source):
    """The file that is meant: beside the source, in docs/, or at the root; None if there is none."""
    places = [pathlib.PurePosixPath(source.path).parent / name, pathlib.PurePosixPath("docs") / name,
              pathlib.PurePosixPath(name)]
    for place in places:
        if (ROOT / place).is_file():
            return str(place)
    return None


def has_section(path, number):
    return any(re.match(re.escape(number) + r"\b(?!\.\d)", heading) for heading in headings(path))


def has_words(path, words):
    """A citation may go on in a sentence, so its first words may be the whole heading."""
    return any(words == heading or words.startswith(heading + " ") for heading in headings(path))


def complaint_about(name, tail, source):
    path = found(name, source)
    if path is None:
        return f"{name} is cited and does not exist"
    number, words = NUMBER.match(tail), WORDS.match(tail)
    if number and not has_section(path, number.group(1)):
        return f"{path} has no section {number.group(1)}"
    if words and words.group(1).startswith("Money rule"):
        return None
    if words and not has_words(path, words.group(1)):
        return f"{path} has no section «{words.group(1)}»"
    return None


def is_cited_from(source):
    return source.path.startswith(("src/", "tests/", "bench/", "tools/", "web/", "deploy/", "migrations/"))


def citations(source):
    """In code a document is cited by name; what is cited exists, with the section that is named."""
    if not is_cited_from(source) or source.path.startswith("tests/unit/architecture/") or source.path.endswith(".json"):
        return
    for match in DOCUMENT.finditer(source.text):
        tail = CONTINUED.sub(" ", source.text[match.end():match.end() + 120])
        complaint = complaint_about(match.group(1), tail, source)
        if complaint:
            yield source.text.count("\n", 0, match.start()) + 1, complaint
    for match in MONEY_RULE.finditer(CONTINUED.sub(" ", source.text)):
        if not re.search(rf"^{match.group(1)}\. \*\*", text_of(RULES_ABOUT_MONEY), re.MULTILINE):
            yield 1, f"there is no Money rule {match.group(1)}"


def anchor_of(heading):
    """As the usual viewers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def links(source):
    """What a document links to within the repository exists, with its heading."""
    if not source.path.endswith(".md"):
        return
    for number, line in enumerate(source.lines, start=1):
        for target in LINK.findall(line):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = ROOT / pathlib.PurePosixPath(source.path).parent / name if name else ROOT / source.path
            if not path.exists():
                yield number, f"the link to {target} leads nowhere"
            elif anchor and anchor not in map(anchor_of, HEADING.findall(path.read_text(encoding="utf-8"))):
                yield number, f"{name} has no heading for #{anchor}"
