#!/usr/bin/env python3
"""Proves that each rule finds what it looks for, and leaves alone what only looks like it."""

import sys
import unittest

import check
import style
from source import Source

LONG_BODY = "    work();\n" * style.LONGEST_FUNCTION

# rule: [(path, text)] that it must complain about, each exactly once.
BAD = {
    "arrows": [
        ("src/domain/a.cpp", '#include "ports/store/store.hpp"\n'),
        ("src/base/a.hpp", '#pragma once\n#  include "domain/task.hpp"\n'),
        ("src/bot/a.cpp", '#include "adapters/sqlite/connection.hpp"\n'),
        ("src/bot/a.cpp", '#include "worker/worker.hpp"\n'),
        ("src/worker/a.cpp", '#include "bot/delivery.hpp"\n'),
        ("src/adapters/sqlite/a.cpp", '#include "adapters/telegram/bot_call.hpp"\n'),
        ("src/adapters/telegram/a.cpp", '#include "bot/delivery.hpp"\n'),
        ("src/sandbox/a.cpp", '#include "worker/worker.hpp"\n'),
        ("src/sandbox/a.cpp", '#include "domain/task.hpp"\n'),
        ("src/ports/a.hpp", '#include "main/config.hpp"\n'),
        ("src/invented/a.cpp", "int a;\n"),
    ],
    "libraries": [
        ("src/bot/a.cpp", "#include <curl/curl.h>\n"),
        ("src/adapters/telegram/a.cpp", "#include <curl/curl.h>\n"),
        ("src/main/a.cpp", "#include <sqlite3.h>\n"),
        ("src/sandbox/a.cpp", "#include <boost/beast/http.hpp>\n"),
        ("src/worker/a.cpp", "#include <spdlog/spdlog.h>\n"),
        ("src/domain/a.cpp", "#include <opus/opusfile.h>\n"),
    ],
    "heavy_headers": [
        ("src/protocol/a.hpp", "#include <boost/json.hpp>\n"),
        ("src/base/a.hpp", "#include <spdlog/spdlog.h>\n"),
    ],
    "line_length": [
        ("src/bot/a.cpp", "int a = " + "1 + " * 30 + "1;\n"),
        ("src/bot/a.cpp", "// " + "word " * 30 + "\n"),
        ("tests/unit/a.py", "a = " + "1 + " * 40 + "1\n"),
    ],
    "file_length": [
        ("src/bot/a.cpp", "int a;\n" * (style.LONGEST_FILE + 1)),
        ("tools/a", "#!/bin/sh\n" + "true\n" * style.LONGEST_FILE),
    ],
    "function_length": [
        ("src/bot/a.cpp", "namespace a {\nvoid b() {\n" + LONG_BODY + "}\n}\n"),
        ("src/bot/a.cpp", "class A {\n  void b() const {\n" + LONG_BODY + "  }\n};\n"),
        ("src/bot/a.cpp", "A::A(int b) : b_{b}, c_{1} {\n" + LONG_BODY + "}\n"),
        ("tests/unit/a_test.cpp", "TEST(A, B) {\n" + LONG_BODY + "}\n"),
        ("src/bot/a.cpp", 'void b() {\n    print("}");  // }\n' + LONG_BODY + "}\n"),
    ],
    "vague_names": [
        ("src/bot/string_utils.hpp", "#pragma once\n"),
        ("src/common/a.hpp", "#pragma once\n"),
        ("web/Helpers.js", "\n"),
        ("src/bot/task_manager.cpp", "\n"),
    ],
    "unfinished": [
        ("src/bot/a.cpp", "// TO" "DO: later\n"),
        ("web/a.js", "// FIX" "ME\n"),
        ("tools/a", "#!/bin/sh\n# TO" "DO\n"),
    ],
    "foreign_addresses": [
        ("README.md", "see /wor" "k/notes\n"),
        ("docs/a.md", "as shared/fac" "ts/house.md says\n"),
        ("tests/browser/package-lock.json", '"resolved": "https://regis' 'try.example.org/a.tgz"\n'),
    ],
    "real_world": [
        ("src/bot/a.cpp", "auto a = std::chrono::system_clock::now();\n"),
        ("src/domain/a.cpp", "auto a = steady_clock ::now();\n"),
        ("src/worker/a.cpp", "std::random_device device;\n"),
        ("src/upkeep/a.cpp", "asio::steady_timer timer(executor);\n"),
        ("src/ports/event.hpp", "#pragma once\nauto a = std::chrono::steady_clock::now();\n"),
    ],
    "detached": [
        ("src/bot/a.cpp", "asio::co_spawn(loop, work(), asio::detached);\n"),
        ("src/bot/a.cpp", "co_spawn(loop, work(), boost::asio::detached);\n"),
    ],
    "using_namespace": [("src/bot/a.cpp", "using namespace std;\n")],
    "pragma_once": [("src/bot/a.hpp", "#ifndef A\n#define A\n#endif\n"), ("tests/a.hpp", "int a;\n")],
    "port_docstrings": [
        ("src/ports/a.hpp", "#pragma once\n\nclass Store {\n};\n"),
        ("src/ports/a.hpp", "#pragma once\n// a note\nclass Store : public Other {\n};\n"),
        ("src/ports/store/a.hpp", "#pragma once\n\ntemplate <class T>\nclass [[nodiscard]] Store {\n};\n"),
    ],
    "nameless_exceptions": [("src/bot/a.cpp", "int a;  // NOLINT\n")],
    "citations": [
        ("src/bot/a.cpp", "/// As invented.md says.\n"),
        ("src/bot/a.cpp", "/// Ids go down (telegram.md 1.9).\n"),
        ("src/bot/a.cpp", "/// Ids go down (telegram.md\n/// 1.9).\n"),
        ("tests/unit/a.cpp", "// telegram.md section 20\n"),
        ("src/bot/a.cpp", "/// (design.md, Haste)\n"),
        ("src/bot/a.cpp", "/// (design.md, Money\n/// manners)\n"),
        ("src/domain/a.cpp", "/// Money rule 99.\n"),
        ("src/domain/a.cpp", "/// (design.md, Money rule 99)\n"),
        ("migrations/postgres/a.sql", "-- (design.md,\n-- Haste)\n"),
        ("deploy/a", "# as docs/invented.md says\n"),
    ],
    "links": [
        ("docs/a.md", "see [this](invented.md)\n"),
        ("README.md", "see [this](docs/design.md#haste)\n"),
        ("docs/a.md", "see [this](#nowhere)\n"),
    ],
}

# (path, text) that no rule may complain about.
GOOD = [
    ("src/domain/a.cpp", '#include "domain/a.hpp"\n\n#include "base/check.hpp"\n'),
    ("src/adapters/telegram/a.cpp", '#include "adapters/http_client/http_client.hpp"\n'),
    ("src/adapters/sqlite/a.cpp", '#include "sqlite_embedded.hpp"\n#include <sqlite3.h>\n'),
    ("src/sandbox/a.cpp", '#include "adapters/http_server/http_server.hpp"\n'),
    ("src/main/a.cpp", '#include "bot/bot.hpp"\n#include "adapters/sqlite/sqlite_store.hpp"\n'),
    ("tests/unit/a.cpp", '#include "adapters/sqlite/x.hpp"\n#include "worker/x.hpp"\n'),
    ("src/third_party.cpp", "#include <boost/beast/src.hpp>\n"),
    ("src/adapters/system_clock/a.cpp", "auto a = std::chrono::system_clock::now();\n"),
    ("src/bot/a.cpp", "// not asio::detached, not std::chrono::system_clock::now()\n"),
    ("src/bot/a.cpp", 'auto a = "std::random_device";\nauto b = 1\'000\'000;\n'),
    ("src/ports/event.hpp", "#pragma once\nboost::asio::steady_timer timer_;\n"),
    ("src/bot/a.cpp", 'auto a = R"(' + "select x, " * 20 + ')";\n'),
    ("src/bot/a.cpp", '    f("' + "слово " * 30 + '");\n'),
    ("src/bot/a.cpp", "// «" + "я" * 95 + "»\n"),
    ("src/bot/a.cpp", "namespace a {\n" + "void b() {}\n" * 200 + "}\n"),
    ("src/bot/a.cpp", "const A table[]{\n" + '    {"{", 1},\n' * 200 + "};\n"),
    ("src/ports/a.hpp", "#pragma once\n\nclass Forward;\n\n/// What it promises.\nclass Store {\n};\n"),
    ("src/ports/a.hpp", "#pragma once\n\n/// What.\ntemplate <class T>\n// Why.\nclass Store {\n};\n"),
    ("src/bot/a.cpp", "void f() {\n    using namespace std::chrono_literals;\n}\n"),
    ("src/bot/commons.cpp", "int a;  // NOLINT(google-explicit-constructor)\n"),
    ("src/bot/a.cpp", "/// Ids go down (telegram.md 1.2), see telegram.md section 2.\n"),
    ("src/bot/a.cpp", "/// (design.md, One task's\n/// life); money (design.md, Money rules, 1; Money rule 6)\n"),
    ("src/bot/a.cpp", "/// The epoch (design.md). And (design.md, Money rule 7).\n"),
    ("docs/design.md", "[all](reliability.md#4-failure-matrix), [that](https://example.org/x.md)\n"),
]


class EachRule(unittest.TestCase):
    def test_has_a_sample_that_breaks_it(self):
        self.assertEqual(set(BAD), {rule.__name__ for rule in check.RULES})

    def test_finds_what_it_looks_for(self):
        for rule in check.RULES:
            for path, text in BAD[rule.__name__]:
                with self.subTest(rule=rule.__name__, path=path, text=text[:60]):
                    self.assertEqual(len(list(rule(Source(path, text)))), 1)

    def test_leaves_good_code_alone(self):
        for path, text in GOOD:
            if path.endswith(".hpp") and not text.startswith("#pragma once\n"):
                self.fail(f"the sample {path} is no good code")
            with self.subTest(path=path, text=text[:60]):
                self.assertEqual(list(check.complaints(Source(path, text))), [])


class ALength(unittest.TestCase):
    def lengths(self, text):
        return [length for _, length in style.functions(Source("a.cpp", text))]

    def test_is_counted_from_the_signature_to_the_last_brace(self):
        self.assertEqual(self.lengths("int a(\n    int b) {\n    return b;\n}\n"), [4])

    def test_of_a_lambda_belongs_to_its_function(self):
        text = "void a() {\n    auto b = [&] {\n        c();\n    };\n}\nvoid d() {\n}\n"
        self.assertEqual(self.lengths(text), [5, 2])

    def test_is_not_misled_by_macros_and_raw_strings(self):
        text = '#define A { \\\n    {\nvoid b() {\n    c(R"({{{)");\n}\nvoid d() {}\n'
        self.assertEqual(self.lengths(text), [3, 1])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"])
