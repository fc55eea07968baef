"""The production set whose Telegram is a script that can be started anew, and what its processes use."""

import json
import os
import pathlib
import signal
import time
import urllib.request

from production_set import ProductionSet
from servers.child import Child
from servers.ports import answers

TICKS = os.sysconf("SC_CLK_TCK")
# Of the provider, as people know it: lognormal.
MEDIAN_MS = 300
SIGMA = 0.5


class MeasuredSet(ProductionSet):
    """`binary` is what is measured, `programs` the build of the script and of the stand-in for Yandex."""

    def __init__(self, binary, programs, directory):
        super().__init__(binary, programs / "tests" / "standin" / "provider_standin", directory)
        self.script_binary = programs / "bench" / "stack" / "scripted_telegram"
        self.script = None
        self.first_id = 1
        # Thousands of newcomers at once are no attack here.
        self.settings |= {"LOG_LEVEL": "warning", "GRANTS_PER_HOUR": "0"}

    def environment(self):
        return super().environment() | {"LEASE_S": "15"}

    def _start_sandbox(self):
        """The script takes the sandbox's place and port."""
        self.play(tasks=0)

    def play(self, latency=False, **plan):
        """`plan` as scripted_telegram has it."""
        if self.script:
            self.script.stop(first=signal.SIGKILL)
        plan |= {"first_id": self.first_id}
        if latency:
            plan |= {"median": MEDIAN_MS, "sigma": SIGMA}
        self.provider("POST", "/control/latency", {"endpoint": "*", "milliseconds": MEDIAN_MS if latency else 0,
                                                   "sigma": SIGMA if latency else 0})
        self.first_id += 10_000_000
        words = [str(self.sandbox_port), *(f"{name}={value}" for name, value in plan.items())]
        self.script = Child("script", [self.script_binary, *words], self.directory / "script.log")
        self.script.wait_until(lambda: answers(f"{self.sandbox_address()}/report"), 30, "answering")

    def report(self):
        with urllib.request.urlopen(f"{self.sandbox_address()}/report", timeout=10) as answer:
            return json.load(answer)

    def wait_until_finished(self, seconds):
        deadline = time.monotonic() + seconds
        while not (report := self.report())["finished"]:
            if time.monotonic() > deadline:
                raise SystemExit(f"not finished within {seconds} s: {report}")
            time.sleep(0.2)
        return report

    def stop(self):
        super().stop()
        if self.script:
            self.script.stop(first=signal.SIGKILL)

    def processes(self):
        """Process ids by the part that they belong to."""
        parts = {name.split("-")[0]: process.process.pid for name, process, _ in self.bots + self.workers}
        return parts | {"postgres": self.postgres.child.process.pid, "rabbitmq": self.rabbitmq.child.process.pid}

    def cpu_seconds(self):
        """By part; `outside` is what plays Telegram and the provider."""
        used = {part: cpu_seconds(pid) for part, pid in self.processes().items()}
        return used | {"outside": cpu_seconds(self.script.process.pid) + cpu_seconds(self.standin.process.pid)}

    def memory_mb(self):
        return {part: memory_mb(pid) for part, pid in self.processes().items() if part in ("bot", "worker")}


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
