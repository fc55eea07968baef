#!/usr/bin/env python3
"""Measures `mlbilling serve` as an operator would meet it: time from a cold start to ready, resident memory
idle and after a number of tasks with the local voices. The sandbox runs as a process of its own, so that its
memory is not counted.

usage: measure_serve.py <mlbilling binary> [tasks]
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from servers.ports import free_port

BURST = 200


def get(url, timeout=5):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def post(url, body):
    request = urllib.request.Request(url, data=json.dumps(body).encode(), method="POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def wait_for(url, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            get(url, 2)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.002)
    raise SystemExit(f"{url} did not answer")


def memory_mb(pid, field):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    raise SystemExit(f"no {field} of process {pid}")


def completed(metrics_url):
    total = 0.0
    for line in get(metrics_url).decode().splitlines():
        if line.startswith("task_status_total{") and 'status="completed"' in line:
            total += float(line.split()[-1])
    return int(total)


def main():
    binary = os.path.abspath(sys.argv[1])
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    sandbox_port, http_port = free_port(), free_port()
    environment = {"PATH": os.environ["PATH"], "TELEGRAM_BOT_TOKEN": "77:measure-token",
                   "TELEGRAM_API_URL": f"http://127.0.0.1:{sandbox_port}", "LOG_LEVEL": "warning",
                   "HTTP_LISTEN": f"127.0.0.1:{http_port}", "START_BALANCE": "1000000",
                   "SANDBOX_LISTEN": f"127.0.0.1:{sandbox_port}"}
    with tempfile.TemporaryDirectory() as directory:
        run = lambda word: subprocess.Popen([binary, word], cwd=directory, env=environment,
                                            stdout=subprocess.DEVNULL)
        sandbox = run("sandbox")
        api = f"http://127.0.0.1:{sandbox_port}/sandbox/api"
        metrics_url = f"http://127.0.0.1:{http_port}/metrics"
        wait_for(api + "/users")
        started = time.monotonic()
        serve = run("serve")
        try:
            wait_for(f"http://127.0.0.1:{http_port}/readyz")
            print(f"cold start to ready        {1000 * (time.monotonic() - started):8.0f} ms")
            time.sleep(2)
            print(f"resident memory, idle      {memory_mb(serve.pid, 'VmRSS'):8.1f} MB")
            users = [post(api + "/users", {"first_name": f"User {i}"}) for i in range(20)]
            started = time.monotonic()
            for number in range(tasks):
                user = users[number % len(users)]
                post(f"{api}/chats/{user['chat_id']}/messages",
                     {"from": user["id"], "text": f"This is sentence number {number}."})
                while number % BURST == 0 and number - completed(metrics_url) > 4 * BURST:
                    time.sleep(0.1)
            while completed(metrics_url) < tasks:
                time.sleep(0.2)
            seconds = time.monotonic() - started
            print(f"resident memory, after     {memory_mb(serve.pid, 'VmRSS'):8.1f} MB "
                  f"({tasks} tasks in {seconds:.0f} s with the local voices)")
            print(f"resident memory, at most   {memory_mb(serve.pid, 'VmHWM'):8.1f} MB")
        finally:
            serve.terminate()
            serve.wait()
            sandbox.kill()
            sandbox.wait()


if __name__ == "__main__":
    main()
