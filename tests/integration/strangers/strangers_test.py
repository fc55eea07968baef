#!/usr/bin/env python3
"""What strangers do to the listeners of a real `mlbilling serve`, without knowing any secret.

The process lives through all of it, and answers whoever comes meanwhile.

usage: strangers_test.py <mlbilling binary>
"""

import http.client
import json
import os
import pathlib
import resource
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))
from servers.ports import free_port

BINARY = os.path.abspath(sys.argv.pop(1))
DESCRIPTORS = 1024


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


class Strangers(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.port, self.sandbox_port = free_port(), free_port()
        self.log = open(os.path.join(self.directory.name, "log"), "wb")
        self.connections = []
        environment = {
            "PATH": os.environ["PATH"],
            "HTTP_LISTEN": f"127.0.0.1:{self.port}",
            "SANDBOX_LISTEN": f"127.0.0.1:{self.sandbox_port}",
            "LOG_FORMAT": "json",
        }
        environment |= {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}

        def few_descriptors():
            resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))

        self.process = subprocess.Popen([BINARY, "serve"], cwd=self.directory.name, env=environment,
                                        stdout=self.log, stderr=self.log, preexec_fn=few_descriptors)
        self.assertTrue(wait_until(lambda: self.get("/readyz") == 200))

    def tearDown(self):
        for connection in self.connections:
            connection.close()
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.directory.cleanup()

    def get(self, path, port=None, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        try:
            connection.request(method, path, body)
            self.body = (answer := connection.getresponse()).read()
            return answer.status
        finally:
            connection.close()

    def connect(self, data=b"", port=None):
        connection = socket.create_connection(("127.0.0.1", port or self.port), timeout=10)
        connection.sendall(data)
        self.connections.append(connection)
        return connection

    def assert_serves(self):
        self.assertIsNone(self.process.poll(), "the process has ended")
        self.assertEqual(self.get("/healthz"), 200)
        self.assertEqual(self.get("/metrics"), 200)

    def test_a_trailer_of_any_size(self):
        for port in (self.port, self.sandbox_port):
            for size in (100, 16_000, 64_000, 70_000, 100_000, 140_000, 200_000):
                trailer = b"X-A: " + b"a" * size
                self.connect(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                             b"2\r\n{}\r\n0\r\n" + trailer + b"\r\n\r\n", port)
                self.connect(b"GET /bot42:x/getMe HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                             b"2\r\n{}\r\n0\r\n" + trailer + b"\r\n\r\n", port)
                self.assert_serves()

    def test_announced_bodies(self):
        head = b"POST /telegram/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048576\r\n\r\n"
        for _ in range(256):
            self.connect(head)
        self.assert_serves()

    def test_idle_and_slow_connections(self):
        for begin in (b"", b"GET /healthz HTTP/1.1\r\nHo"):
            for port in (self.port, self.sandbox_port):
                for _ in range(1_100):
                    self.connect(begin, port)
        began = time.monotonic()
        self.assert_serves()
        self.assertLess(time.monotonic() - began, 10)
        users = "/sandbox/api/chats/1001/messages"
        text = json.dumps({"from": 1001, "text": "Zwölf Wörter, ещё слова"})
        self.assertEqual(self.get(users, self.sandbox_port, "POST", text), 200)

        def answered():
            self.get(users + "?after=0&timeout=0", self.sandbox_port)
            return any(view["from"] == "bot" for view in json.loads(self.body)["messages"])

        self.assertTrue(wait_until(answered))
        self.assert_serves()
        with open(self.log.name, encoding="utf-8") as log:
            self.assertLess(sum('"warning"' in line for line in log), 20)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    unittest.main()
