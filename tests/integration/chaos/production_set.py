"""The production set with a stand-in for Yandex, whose parts can be killed and started again."""

import json
import os
import signal
import time
import urllib.request

from servers.child import Child, NotStarted
from servers.installation import Installation
from servers.ports import answers, free_port

START_SECONDS = 120
START_BALANCE = 1_000_000


class ProductionSet(Installation):
    def __init__(self, mlbilling, standin, directory):
        self.standin_binary = standin
        self.standin_port = free_port()
        self.standin = None
        provider = f"http://127.0.0.1:{self.standin_port}"
        super().__init__(mlbilling, directory, {
            "SPEECH_PROVIDER": "yandex",
            "YANDEX_API_KEY": "standin-key",
            **{f"YANDEX_{name}_URL": provider for name in ("TTS", "STT", "OPERATION", "IAM")},
            **{name: "0" for name in ("YANDEX_TTS_PER_SECOND", "YANDEX_STT_PER_SECOND", "YANDEX_STT_PER_HOUR",
                                      "YANDEX_POLLS_PER_SECOND")},
            "START_BALANCE": str(START_BALANCE),
            "GRANTS_PER_HOUR": "0",
            "LEASE_S": "3",
            "LOG_LEVEL": "info",
            "LOG_FORMAT": "json",
        }, say=lambda what: None)

    def start(self, bots, workers):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.standin = Child("standin", [self.standin_binary, "--listen", f"127.0.0.1:{self.standin_port}"],
                             self.directory / "standin.log")
        record = f"http://127.0.0.1:{self.standin_port}/control/record"
        self.standin.wait_until(lambda: answers(record), 30, "answering")
        super().start(bots, workers)

    def stop(self):
        super().stop()
        if self.standin:
            self.standin.stop()

    def drain(self):
        """SIGTERM to bots and workers; their exit codes by name."""
        return {name: process.stop() for name, process, _ in self.bots + self.workers}

    def members(self, kind):
        return {"bot": self.bots, "worker": self.workers}[kind]

    def kill(self, kind, index):
        process = self.members(kind)[index][1]
        process.process.send_signal(signal.SIGKILL)
        process.process.wait()

    def start_again(self, kind, index):
        """The process in the place of one that was killed; it may take a while to be ready."""
        name, _, port = self.members(kind)[index]
        child = self._child(name, kind, {"HTTP_LISTEN": f"127.0.0.1:{port}"})
        self.members(kind)[index] = (name, child, port)

    def require_the_others_alive(self):
        """Nobody may end because another did."""
        for name, process, _ in self.bots + self.workers:
            code = process.process.poll()
            if code is not None and code != -signal.SIGKILL:
                raise SystemExit(f"{name} ended by itself with {code}: {process.last_words()}")

    def kill_postgres(self):
        os.killpg(self.postgres.child.process.pid, signal.SIGKILL)
        self.postgres.child.process.wait()

    def start_postgres(self):
        # What was killed may still leave the children's shared memory for a moment.
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.postgres.start()
            except NotStarted:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def cut_database_connections(self):
        self.postgres.psql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'mlbilling'")

    def kill_rabbitmq(self):
        os.killpg(self.rabbitmq.child.process.pid, signal.SIGKILL)
        self.rabbitmq.child.process.wait()

    def start_rabbitmq(self):
        self.rabbitmq.start()

    def rabbitmqctl(self, *words):
        done = self.rabbitmq.control(*words)
        if done.returncode != 0:
            raise SystemExit(f"rabbitmqctl {' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    def provider(self, method, path, body=None):
        return call(f"http://127.0.0.1:{self.standin_port}", method, path, body)

    def telegram_fault(self, fault):
        return call(self.sandbox_address(), "POST", "/sandbox/api/faults", fault)


def call(base, method, path, body=None):
    request = urllib.request.Request(base + path, method=method, headers={"Content-Type": "application/json"},
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")
