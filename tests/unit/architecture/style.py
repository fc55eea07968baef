"""How the code of this repository looks, as far as clang-format and clang-tidy do not see it."""

import os
import re

from source import blanked

LONGEST_LINE = 100
LONGEST_PYTHON_LINE = 120
LONGEST_FILE = 400
LONGEST_FUNCTION = 70

VAGUE = re.compile(r"(^|[_\-.])(utils?|helpers?|managers?|common|misc)([_\-.]|$)", re.IGNORECASE)
CODE_SUFFIXES = (".cpp", ".hpp", ".py", ".mjs", ".js", ".css", ".sql", ".cmake", ".sh")
# Written apart, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATH = re.compile(r"/wor" r"k/|\bshared/fac" r"ts\b")
REGISTRIES = ("regis" r"try\.", "npm" r"js\.", "py" r"pi\.", "crat" r"es\.io", "artif" "act")
REGISTRY = re.compile(r"https?://[^\s\"'<>]*(" + "|".join(REGISTRIES) + ")")

REAL_WORLD = re.compile(
    r"(system_clock|steady_clock|high_resolution_clock|utc_clock)\s*::\s*now\b"
    r"|\brandom_device\b|\b(steady_timer|system_timer|high_resolution_timer)\b")
# Only a timer that never expires, as something to wait for and to cancel: no time passes there.
WAKING_TIMERS = {"src/ports/event.hpp", "src/ports/deadline.hpp", "src/ports/memory_budget.hpp",
                 "src/sandbox/wake.hpp"}

# Who starts something that nobody waits for, and sees to its end in another way.
DETACHING = {"src/main/embedded_service.cpp"}

# One table each, which a list of texts or names happens to be written as.
TABLES = {"src/main/known_variables.cpp", "src/texts/english.cpp", "src/texts/russian.cpp"}

# A string alone on its line, which has no better place to be broken.
LONE_STRING = re.compile(r'^\s*[\w:({]*"(\\.|[^"\\])*"[)}\],;]*$')

SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def is_code(source):
    name = os.path.basename(source.path)
    return name.endswith(CODE_SUFFIXES) or "." not in name and source.text.startswith("#!")


def each_match(source, pattern, lines):
    for number, line in enumerate(lines, start=1):
        match = pattern.search(line)
        if match:
            yield number, match.group()


def line_length(source):
    if not (source.is_cpp or source.path.endswith(".py")):
        return
    longest = LONGEST_LINE if source.is_cpp else LONGEST_PYTHON_LINE
    for number, line in enumerate(source.lines, start=1):
        if len(line) <= longest or source.is_cpp and (
                number in source.quoting_lines or LONE_STRING.match(line)):
            continue
        yield number, f"{len(line)} columns, at most {longest}"


def file_length(source):
    if is_code(source) and len(source.lines) - 1 > LONGEST_FILE:
        yield 1, f"{len(source.lines) - 1} lines, at most {LONGEST_FILE}: split it by idea"


def functions(source):
    """(first line, lines) of each function, found by counting braces outside strings and comments."""
    # Preprocessor lines would leave their braces unbalanced.
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", blanked, source.code, flags=re.MULTILINE)
    open_blocks, words, line = [], "", 1
    for character in code:
        if character == "{":
            at_scope = all(kind == "scope" for kind, _ in open_blocks)
            # A constructor's body follows `member{value}`, so words before it may be gone.
            body = at_scope and ("(" in words or not words.strip(" \n,"))
            kind = "scope" if at_scope and SCOPE.search(words) else "function" if body else "block"
            open_blocks.append((kind, line - words.lstrip().count("\n")))
            words = ""
        elif character == "}":
            kind, first = open_blocks.pop() if open_blocks else ("block", line)
            if kind == "function":
                yield first, line - first + 1
            words = ""
        elif character == ";":
            words = ""
        else:
            words += character
            line += character == "\n"


def function_length(source):
    if source.is_cpp and source.path not in TABLES:
        for first, length in functions(source):
            if length > LONGEST_FUNCTION:
                yield first, f"a function of {length} lines, at most {LONGEST_FUNCTION}"


def vague_names(source):
    for part in source.path.split("/"):
        if VAGUE.search(part):
            yield 1, f"{part} says nothing about what is in it"


def unfinished(source):
    if is_code(source):
        for number, word in each_match(source, UNFINISHED, source.lines):
            yield number, f"{word}: finish it or open an issue"


def foreign_addresses(source):
    kinds = ((MACHINE_PATH, "a path of one machine"), (REGISTRY, "a registry's address"))
    for pattern, what in kinds:
        for number, text in each_match(source, pattern, source.lines):
            yield number, f"{what}: {text}"


def real_world(source):
    if not (source.is_cpp and source.in_src) or source.folder.startswith("adapters/"):
        return
    for number, word in each_match(source, REAL_WORLD, source.code_lines):
        if not (word.endswith("_timer") and source.path in WAKING_TIMERS):
            yield number, f"{word}: time and randomness come through the ports Clock and Random"


def detached(source):
    if source.is_cpp and source.in_src and source.path not in DETACHING:
        for number, _ in each_match(source, re.compile(r"\basio::detached\b"), source.code_lines):
            yield number, "nobody waits for what is detached, nor sees it fail"


def using_namespace(source):
    if source.is_cpp and source.in_src:
        for number, _ in each_match(source, re.compile(r"^using namespace\b"), source.code_lines):
            yield number, "using namespace at file scope"


def pragma_once(source):
    if source.is_header and not source.text.startswith("#pragma once\n"):
        yield 1, "a header begins with #pragma once"


def port_docstrings(source):
    if not (source.is_header and source.path.startswith("src/ports/")):
        return
    declaration = re.compile(r"^class\s+(\[\[.*\]\]\s+)?\w+[^;]*$")
    for number, line in enumerate(source.lines, start=1):
        if declaration.match(line):
            above = number - 2
            while above >= 0 and source.lines[above].startswith(("template", "// ")):
                above -= 1
            if above < 0 or not source.lines[above].startswith("///"):
                yield number, "a port's class says with /// what it promises"


def nameless_exceptions(source):
    if source.is_cpp:
        pattern = re.compile(r"\bNOLINT(NEXTLINE|BEGIN|END)?\b(?!\()")
        for number, word in each_match(source, pattern, source.lines):
            yield number, f"{word} names the check that it switches off"
