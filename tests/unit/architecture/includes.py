"""Who may include whom: the arrows of ARCHITECTURE.md, in one table."""

import re

from source import folder_of

# What a folder of src/ may include, itself and the standard library apart.
ARROWS = {
    "base": set(),
    "domain": {"base"},
    "ports": {"base", "domain"},
    "texts": {"base", "domain"},
    "protocol": {"base", "domain", "ports", "texts"},
    "bot": {"base", "domain", "ports", "texts", "protocol"},
    "worker": {"base", "domain", "ports", "texts", "protocol"},
    # A provider made of providers: it knows their port alone.
    "cascade": {"base", "domain", "ports"},
    "upkeep": {"base", "domain", "ports", "texts", "protocol"},
    "console": {"base", "domain", "ports", "texts", "protocol"},
    # A program of its own: it plays Telegram and knows nothing of the service.
    "sandbox": {"base", "ports", "adapters/http_server"},
}
# Adapters know the ports, and never each other, these transports apart, and what every store
# writes into its JSON columns.
ADAPTERS = {"base", "domain", "ports"}
TRANSPORTS = {"adapters/http_client", "adapters/http_server", "adapters/child_process",
              "adapters/work_threads"}
SHARED_BY_STORES = {"adapters/stored_documents"}

# Libraries behind a port stay in the adapter that wraps them.
LIBRARIES = {
    "curl/": {"adapters/http_client"},
    "expat.h": {"adapters/s3"},
    "sqlite3.h": {"adapters/sqlite"},
    "libpq-fe.h": {"adapters/postgres"},
    "amqp": {"adapters/rabbitmq"},
    "boost/asio/ssl": {"adapters/rabbitmq"},
    "boost/beast": {"adapters/http_server", ""},
    "opus/": {"adapters/audio"},
    "opusenc.h": {"adapters/audio"},
    "opusfile.h": {"adapters/audio"},
    "pocketsphinx": {"adapters/local_speech"},
    "sphinxbase/": {"adapters/local_speech"},
    "prometheus/": {"adapters/prometheus"},
    "seccomp.h": {"adapters/child_process"},
    "spdlog/": {"base"},
    "fmt/": {"base"},
    "CLI/": {"main"},
}
# Too heavy for a header that others include; a forward declaration stands there instead.
HEAVY = ("boost/beast", "boost/json.hpp", "spdlog/", "prometheus/", "CLI/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def included(source):
    """(line, whether it is ours, path) of each include; the code has its strings blanked."""
    for match in INCLUDE.finditer(source.text):
        yield source.text.count("\n", 0, match.start()) + 1, match.group(1) == '"', match.group(2)


def allowed_for(folder):
    if folder.startswith("adapters/"):
        return ADAPTERS | TRANSPORTS | SHARED_BY_STORES
    return ARROWS.get(folder)


def arrows(source):
    if not (source.is_cpp and source.in_src) or source.folder in ("main", ""):
        return
    allowed = allowed_for(source.folder)
    if allowed is None:
        yield 1, f"src/{source.folder} is not in the table of tests/unit/architecture/includes.py"
        return
    for line, ours, path in included(source):
        target = folder_of(path)
        # A name without a folder is a file that the build makes for this target.
        if ours and target and target != source.folder and target not in allowed:
            yield line, f"{source.folder} must not include {target}"


def libraries(source):
    if not (source.is_cpp and source.in_src):
        return
    for line, ours, path in included(source):
        for prefix, owners in LIBRARIES.items():
            if not ours and path.startswith(prefix) and source.folder not in owners:
                yield line, f"only {' and '.join(sorted(owners))} may include <{path}>"


def heavy_headers(source):
    if not (source.is_header and source.in_src) or source.folder.startswith("adapters/"):
        return
    for line, ours, path in included(source):
        if not ours and path.startswith(HEAVY):
            yield line, f"<{path}> is too heavy for a header"
