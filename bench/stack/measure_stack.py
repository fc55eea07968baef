#!/usr/bin/env python3
"""Measures the production set on one machine, all parts real, with the defaults of PostgreSQL and RabbitMQ,
against a scripted Telegram and the stand-in for Yandex without latency of its own: tasks per second at the peak,
added latency at 50 tasks/s, CPU seconds per 1000 tasks and resident memory of each process, and how long it takes
until tasks are answered again after kill -9 of each part.

usage: measure_stack.py <directory of the build> [tasks at the peak]
Run it on an idle machine, with a release build that has the tests' programs (see README.md, Figures). An ext4
without a journal passes over what was deleted in the last minutes, which doubles the worker's CPU time when it runs
right after another run: give /var/tmp its own groups by `chattr +T`, or wait.
"""

import json
import os
import pathlib
import signal
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "integration" / "chaos")]
from production_set import ProductionSet
from servers.child import Child
from servers.ports import answers, free_port

TICKS = os.sysconf("SC_CLK_TCK")
RATE = 50
USERS = 1_000


class Measured(ProductionSet):
    """The production set whose Telegram is a script that can be started anew."""

    def __init__(self, build, directory):
        super().__init__(build / "mlbilling", build / "tests" / "standin" / "provider_standin", directory)
        self.script_binary = build / "bench" / "stack" / "scripted_telegram"
        self.script = None
        self.first_id = 1
        self.settings |= {"LOG_LEVEL": "warning"}

    def environment(self):
        return super().environment() | {"LEASE_S": "15"}

    def _start_sandbox(self):
        """The script takes the sandbox's place and port."""
        self.play(tasks=0, rate=0)

    def play(self, tasks, rate, outstanding=256):
        if self.script:
            self.script.stop(first=signal.SIGKILL)
        plan = [str(self.sandbox_port), str(tasks), str(USERS), str(rate), str(outstanding), str(self.first_id)]
        self.first_id += 10_000_000
        self.script = Child("script", [self.script_binary, *plan], self.directory / "script.log")
        self.script.wait_until(lambda: answers(f"{self.sandbox_address()}/report"), 30, "answering")

    def report(self):
        with urllib.request.urlopen(f"{self.sandbox_address()}/report", timeout=10) as answer:
            return json.load(answer)

    def wait_until_finished(self, seconds):
        deadline = time.monotonic() + seconds
        while not (report := self.report())["finished"]:
            if time.monotonic() > deadline:
                raise SystemExit(f"not finished within {seconds} s: {report}")
            time.sleep(0.1)
        return report

    def stop(self):
        super().stop()
        if self.script:
            self.script.stop(first=signal.SIGKILL)

    def processes(self):
        """Process ids by the part that they belong to."""
        parts = {name.split("-")[0]: process.process.pid for name, process, _ in self.bots + self.workers}
        return parts | {"postgres": self.postgres.child.process.pid, "rabbitmq": self.rabbitmq.child.process.pid}


def family(pid):
    """The process and all that descend from it."""
    members = [pid]
    for member in members:
        for thread in pathlib.Path(f"/proc/{member}/task").glob("*/children"):
            try:
                members += [int(child) for child in thread.read_text().split()]
            except OSError:
                continue
    return members


def cpu_seconds(pid):
    """Of the process, of its living children, and of those that it has waited for."""
    total = 0
    for member in family(pid):
        try:
            fields = pathlib.Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(fields[field]) for field in (11, 12, 13, 14)) / TICKS
    return total


def memory_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"no memory of {pid}")


def peak(production, tasks):
    production.play(tasks, 0)
    parts = production.processes()
    before = {part: cpu_seconds(pid) for part, pid in parts.items()}
    report = production.wait_until_finished(600)
    used = {part: (cpu_seconds(pid) - before[part]) * 1000 / tasks for part, pid in parts.items()}
    print(f"peak: {tasks / report['seconds']:.0f} tasks/s ({tasks} tasks in {report['seconds']:.1f} s)")
    print("CPU seconds per 1000 tasks: " + ", ".join(f"{part} {seconds:.3f}" for part, seconds in used.items())
          + f"; bot and worker {used['bot'] + used['worker']:.3f}, all {sum(used.values()):.3f}")


def latency(production):
    production.play(RATE * 30, RATE)
    report = production.wait_until_finished(120)
    print(f"added latency at {RATE} tasks/s: p50 {report['p50_ms']:.1f} ms, p99 {report['p99_ms']:.1f} ms, "
          f"longest {report['max_ms']:.1f} ms")


def memory(production):
    sizes = {name: memory_mb(pid) for name, pid in production.processes().items() if name in ("bot", "worker")}
    print("resident: " + ", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()))


def recovery(production):
    """From kill -9 of a part, started again at once, to the next answer; what of it the start of a server took."""
    parts = {
        "bot": (lambda: production.kill("bot", 0), lambda: production.start_again("bot", 0)),
        "worker": (lambda: production.kill("worker", 0), lambda: production.start_again("worker", 0)),
        "postgres": (production.kill_postgres, production.start_postgres),
        "rabbitmq": (production.kill_rabbitmq, production.start_rabbitmq),
    }
    for part, (kill, start) in parts.items():
        production.play(1_000_000, RATE)
        time.sleep(3)
        kill()
        killed = time.monotonic()
        start()
        started = time.monotonic() - killed
        answered = production.report()["answered"]
        while production.report()["answered"] <= answered + RATE // 10:
            time.sleep(0.01)
        first = time.monotonic() - killed
        print(f"recovery after kill -9 of {part}: answers again after {first:.1f} s, started after {started:.1f} s")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with tempfile.TemporaryDirectory(prefix="mlbilling-stack-", dir="/var/tmp") as directory:
        production = Measured(build, pathlib.Path(directory))
        try:
            production.start(bots=1, workers=1)
            memory(production)
            peak(production, 2_000)
            # Before the long run: after it PostgreSQL cleans up for a while.
            latency(production)
            peak(production, tasks)
            memory(production)
            recovery(production)
        finally:
            production.stop()


if __name__ == "__main__":
    main()
