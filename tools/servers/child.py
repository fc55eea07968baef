"""A server that this program starts, watches and stops."""

import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1


class NotStarted(Exception):
    """A server that did not come up; the message says what it said last."""


class Child:
    """One process in a group of its own, which dies with us; what it says goes to a file."""

    def __init__(self, name, arguments, log, environment=None, directory=None, user=None):
        self.name = name
        self.log = log
        libc = ctypes.CDLL(None)
        if user:
            arguments = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *arguments]
        # What servers say is for whoever started them.
        with open(log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
            self.process = subprocess.Popen(
                arguments, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment,
                cwd=directory, start_new_session=True,
                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))

    def ended(self):
        return self.process.poll() is not None

    def last_words(self):
        with open(self.log, "rb") as said:
            lines = said.read()[-4000:].decode(errors="replace").strip().splitlines()
        return " | ".join(lines[-3:]) or "it said nothing"

    def wait_until(self, ready, seconds, what):
        """Asks `ready` until it agrees; NotStarted when the process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.ended():
                raise NotStarted(f"{self.name} ended with {self.process.returncode}: {self.last_words()}")
            if time.monotonic() > deadline:
                raise NotStarted(f"{self.name}: not {what} within {seconds} s: {self.last_words()}")
            time.sleep(0.05)

    def stop(self, first=signal.SIGTERM, seconds=40):
        """Asks it to end, kills what is left of its group after the time; its exit code."""
        if not self.ended():
            os.kill(self.process.pid, first)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()
