"""The production set on one machine: PostgreSQL, RabbitMQ, bots, workers, and the Telegram sandbox
while there is no token."""

import os
import pathlib
import subprocess

from servers.child import Child, NotStarted
from servers.ports import answers, free_port
from servers.postgres import Postgres
from servers.rabbitmq import RabbitMq

# The form of a token, for bots that talk to our own sandbox.
SANDBOX_TOKEN = "424242:token-of-the-production-sandbox"
START_SECONDS = 60


class Installation:
    """Kept in `directory`. `settings` are variables for every process, beside those of this one.

    `say` is told what happens. What is started is stopped by stop(), in whatever state it is.
    """

    def __init__(self, binary, directory, settings, say, sandbox=True, sandbox_port=None, http_port=None):
        self.binary = str(pathlib.Path(binary).resolve())
        self.directory = pathlib.Path(directory).resolve()
        self.say = say
        self.settings = settings
        self.sandbox_port = (sandbox_port or free_port()) if sandbox else None
        self.next_http_port = http_port
        self.postgres = Postgres(self.directory / "postgres")
        self.rabbitmq = RabbitMq(self.directory / "rabbitmq")
        self.sandbox = None
        # (name, process, port of its HTTP listener)
        self.bots = []
        self.workers = []

    def start(self, bots=1, workers=2):
        self.directory.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            # PostgreSQL runs as another user and must get through to its own folder.
            self.directory.chmod(0o711)
        self.say("starting PostgreSQL")
        self.postgres.start()
        self.say("starting RabbitMQ")
        self.rabbitmq.start()
        self._write_environment()
        self.command("migrate", **self.as_owner())
        if self.sandbox_port:
            self._start_sandbox()
        self.start_processes(bots, workers)

    def start_processes(self, bots, workers):
        for _ in range(bots):
            self.start_bot()
        for _ in range(workers):
            self.start_worker()
        for _, process, port in self.workers + self.bots:
            process.wait_until(lambda port=port: answers(f"http://127.0.0.1:{port}/readyz"), START_SECONDS, "ready")

    def start_bot(self):
        self.bots.append(self._start_process("bot", len(self.bots) + 1))

    def start_worker(self):
        self.workers.append(self._start_process("worker", len(self.workers) + 1))

    def environment(self):
        """What every process of the service is told; also for `mlbilling admin`."""
        told = {
            "DATABASE_URL": self.postgres.url(),
            "RABBITMQ_URL": self.rabbitmq.url(),
            "RESULT_STORE_URL": f"file:{self.directory / 'results'}",
        }
        if self.sandbox_port:
            told |= {
                "TELEGRAM_BOT_TOKEN": SANDBOX_TOKEN,
                "TELEGRAM_API_URL": self.sandbox_address(),
                "TELEGRAM_PROXY": "", "HTTPS_PROXY": "", "ALL_PROXY": "",
            }
        return self.settings | told

    def as_owner(self):
        """What migrations and backups are told beside; the service itself may only append to the ledger."""
        return {"DATABASE_URL": self.postgres.url("mlbilling_owner")}

    def command(self, *words, **variables):
        """Runs a command of the binary to its end; its output."""
        done = self.run(*words, **variables)
        if done.returncode != 0:
            raise NotStarted(f"mlbilling {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def run(self, *words, **variables):
        """The same, whatever its end."""
        return subprocess.run([self.binary, *words], env=os.environ | self.environment() | variables,
                              capture_output=True, text=True, cwd=self.directory, timeout=600)

    def sandbox_address(self):
        return f"http://127.0.0.1:{self.sandbox_port}"

    def first_that_ended(self):
        """A process that should run and does not, or None."""
        children = [self.postgres.child, self.rabbitmq.child, self.sandbox,
                    *(process for _, process, _ in self.bots + self.workers)]
        return next((child for child in children if child and child.ended()), None)

    def stop_processes(self):
        """Bots first, so that nothing new is accepted; their exit codes by name."""
        ends = {name: process.stop() for name, process, _ in self.bots + self.workers}
        self.bots, self.workers = [], []
        return ends

    def stop(self):
        """The exit codes of bots and workers by name."""
        ends = self.stop_processes()
        if self.sandbox:
            self.sandbox.stop()
        self.rabbitmq.stop()
        self.postgres.stop()
        return ends

    def _start_sandbox(self):
        self.say("starting the Telegram sandbox")
        self.sandbox = self._child("sandbox", "sandbox", {"SANDBOX_LISTEN": f"127.0.0.1:{self.sandbox_port}"})
        users = f"{self.sandbox_address()}/sandbox/api/users"
        self.sandbox.wait_until(lambda: answers(users), START_SECONDS, "answering")

    def _start_process(self, kind, number):
        if self.next_http_port:
            port = self.next_http_port
            self.next_http_port += 1
        else:
            port = free_port()
        name = f"{kind}-{number}"
        self.say(f"starting {name}")
        return name, self._child(name, kind, {"HTTP_LISTEN": f"127.0.0.1:{port}"}), port

    def _child(self, name, command, more):
        logs = self.directory / "logs"
        logs.mkdir(exist_ok=True)
        # Not in the checkout, whose .env is read by whoever started us.
        return Child(name, [self.binary, command], logs / f"{name}.log", directory=self.directory,
                     environment=os.environ | self.environment() | more)

    def _write_environment(self):
        path = self.directory / "environment"
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            out.writelines(f"export {name}='{value}'\n" for name, value in self.environment().items())
