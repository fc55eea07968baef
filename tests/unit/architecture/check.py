#!/usr/bin/env python3
"""Checks the whole repository against the rules; prints what breaks one, and long files."""

import pathlib
import subprocess
import sys

import citations
import includes
import style
from source import Source

ROOT = pathlib.Path(__file__).resolve().parents[3]
RULES = (includes.arrows, includes.libraries, includes.heavy_headers, style.line_length,
         style.file_length, style.function_length, style.vague_names, style.unfinished,
         style.foreign_addresses, style.real_world, style.detached, style.using_namespace,
         style.pragma_once, style.port_docstrings, style.nameless_exceptions, citations.citations,
         citations.links)
LONG_FILE = 300


def complaints(source):
    for rule in RULES:
        for line, message in rule(source):
            yield f"{source.path}:{line}: {message} [{rule.__name__}]"


def repository():
    listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                             cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listing.stdout.splitlines():
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            yield Source(name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # pictures and recordings follow no rules of text


def main():
    found, files = [], 0
    for source in repository():
        files += 1
        found += complaints(source)
        length = len(source.lines) - 1
        if source.is_cpp and length > LONG_FILE:
            print(f"note: {source.path} has {length} lines")
    for complaint in found:
        print(complaint)
    print(f"{files} files, {len(RULES)} rules, {len(found)} complaints")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
