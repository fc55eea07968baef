#!/usr/bin/env python3
"""kill -9 of `mlbilling serve` at any moment of a load, again and again.

Starts the Telegram sandbox as a process of its own (it must survive), then a number of times: starts `serve`
against it, lets users write while it runs, kills it after a random moment. Then starts it once more, waits until
all is quiet and proves with the books and with what users saw that no task is lost, none is charged twice and
everybody has an answer. Prints the seed and the figures.

usage: kill_test.py <mlbilling binary> [rounds] [seed]
"""

import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))
from servers.ports import free_port

TOKEN = "424242:kill-test-token_of_the_sandbox"
USERS = 6
START_BALANCE = 100_000
MOST_ATTEMPTS = 5
# "12 characters · 2 credits": work goes on, which is no answer yet.
STATUS = re.compile(r"[\d,]+ characters? · [\d,]+ credits?")


class Api:
    """The sandbox's control API (docs/sandbox.md)."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def wait_until_up(self, path, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.base + path, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise SystemExit(f"{self.base}{path} did not answer within {seconds} s")


class Installation:
    def __init__(self, binary, directory):
        self.binary = binary
        self.directory = directory
        self.sandbox_port = free_port()
        self.http_port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self.sandbox_port}",
            "HTTP_LISTEN": f"127.0.0.1:{self.http_port}",
            "SANDBOX_LISTEN": f"127.0.0.1:{self.sandbox_port}",
            "START_BALANCE": str(START_BALANCE),
            "LEASE_S": "2",
            # Every kill costs each running task one of its attempts: few at a time leave most of them enough.
            "WORKER_CONCURRENCY": "6",
            "LOG_LEVEL": "warning",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.log = open(os.path.join(directory, "serve.log"), "ab")
        self.sandbox = self.start("sandbox")
        self.api = Api(self.sandbox_port)
        self.api.wait_until_up("/sandbox/api/users")

    def start(self, command):
        return subprocess.Popen([self.binary, command], cwd=self.directory, env=self.environment,
                                stdout=self.log, stderr=self.log)

    def admin(self, *words):
        return subprocess.run([self.binary, "admin", *words], cwd=self.directory, env=self.environment,
                              capture_output=True, text=True, timeout=120)

    def stop(self):
        self.sandbox.kill()
        self.sandbox.wait()
        self.log.close()


def write_something(api, users, dice, sent):
    user = dice.choice(users)
    number = len(sent)
    kind = dice.random()
    if kind < 0.75:
        text = f"message number {number} " + "la " * dice.randrange(0, 12)
    elif kind < 0.9:
        text = "/balance"
    else:
        text = f"same text for {user['id']}"
    write_text(api, user, text, sent)


def write_text(api, user, text, sent):
    view = api.call("POST", f"/sandbox/api/chats/{user['chat_id']}/messages",
                    {"from": user["id"], "text": text})
    sent.append({"chat": user["chat_id"], "message": view["id"], "text": text})


def time_to_answer(installation, users, sent):
    """Seconds from the start of the service to its first voice: how fast this machine is now."""
    began = time.monotonic()
    serve = installation.start("serve")
    write_text(installation.api, users[0], "the first message of all", sent)
    wait_until_none(lambda: unanswered(installation.api, users, sent), pause=0.02)
    took = time.monotonic() - began
    serve.terminate()
    if serve.wait(timeout=40) != 0:
        raise SystemExit(f"serve drained with exit code {serve.returncode}")
    return took


def one_round(installation, users, dice, sent, serve, longest):
    """Users write while the service runs; then it is killed."""
    moment = time.monotonic() + dice.uniform(0.03, longest)
    while time.monotonic() < moment:
        write_something(installation.api, users, dice, sent)
        time.sleep(dice.uniform(0.0, 0.25))
    if serve.poll() is not None:
        raise SystemExit(f"serve ended by itself with {serve.returncode}; see serve.log")
    serve.send_signal(signal.SIGKILL)
    serve.wait()


def views_of(api, chat):
    return api.call("GET", f"/sandbox/api/chats/{chat}/messages?after=0&timeout=0")["messages"]


def answers_to(views, message):
    found = []
    for view in views:
        status = STATUS.match(view.get("text") or "")
        if view["from"] == "bot" and view.get("reply_to") == message and not status:
            found.append(view)
    return found


def unanswered(api, users, sent):
    open_ones = []
    for user in users:
        views = views_of(api, user["chat_id"])
        mine = [one for one in sent if one["chat"] == user["chat_id"]]
        open_ones += [one for one in mine if not answers_to(views, one["message"])]
    return open_ones


def wait_until_none(open_ones, patience=180, pause=1):
    """Asks until nothing is open any more, or until that many seconds bring no progress: a busy machine takes
    its time. What is still open at the end."""
    left = open_ones()
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        time.sleep(pause)
        before, left = len(left), open_ones()
        if len(left) < before:
            deadline = time.monotonic() + patience
    return left


def buttons_to_send_again(view):
    return [button["data"] for row in view.get("keyboard") or [] for button in row
            if button["data"].startswith("again:")]


def ask_again(api, users):
    """Presses every button under "I cannot tell whether you have the result"; how many there were."""
    pressed = []
    for user in users:
        for view in views_of(api, user["chat_id"]):
            for data in buttons_to_send_again(view):
                api.call("POST", f"/sandbox/api/chats/{user['chat_id']}/press",
                         {"from": user["id"], "message_id": view["id"], "data": data})
                pressed.append({"chat": user["chat_id"], "message": view["reply_to"]})
    return pressed


def without_voice(api, users, asked):
    voiced = {(user["chat_id"], view.get("reply_to")) for user in users
              for view in views_of(api, user["chat_id"]) if view.get("file")}
    return [one for one in asked if (one["chat"], one["message"]) not in voiced]


def judge(installation, users, sent, left, asked, kills):
    problems = [f"never answered: {one}" for one in left[:10]]
    problems += [f"not sent again: {one}" for one in without_voice(installation.api, users, asked)]
    verdict = installation.admin("ledger", "verify")
    if verdict.returncode != 0:
        problems.append("ledger verify: " + verdict.stdout + verdict.stderr)
    tasks = json.loads(installation.admin("task", "list", "--limit", "10000", "--json").stdout)
    by_id = {task["id"]: task for task in tasks}
    given_up = 0
    texts = [one for one in sent if not one["text"].startswith("/")]
    for one in texts:
        task = by_id.get(f"{one['chat']}_{one['message']}")
        price = max(1, -(-len(one["text"].strip()) // 10))
        if task is None:
            problems.append(f"lost: {one}")
        elif task["status"] == "error" and task["attempt"] >= MOST_ATTEMPTS and task["cost"] == 0:
            given_up += 1  # each of its attempts was killed: told so, not charged
        elif task["status"] != "completed":
            problems.append(f"not completed: {task}")
        elif task["cost"] not in (price, -(-price // 2)):
            problems.append(f"cost {task['cost']} instead of {price}: {one}")
    if given_up > len(texts) // 2:
        problems.append(f"{given_up} of {len(texts)} tasks were given up: this proves too little")
    duplicates = 0
    for user in users:
        views = views_of(installation.api, user["chat_id"])
        for one in sent:
            if one["chat"] != user["chat_id"]:
                continue
            voices = sum(1 for view in answers_to(views, one["message"]) if view.get("file"))
            # One send that a kill made ambiguous, and one that the user asked for.
            may_have = 2 + sum(1 for other in asked
                               if (other["chat"], other["message"]) == (one["chat"], one["message"]))
            if voices > may_have:
                problems.append(f"{voices} voices: {one}")
            duplicates += max(0, voices - 1)
    charged = sum(task["cost"] or 0 for task in tasks)
    listed = json.loads(installation.admin("user", "list", "--json").stdout)
    for user in listed:
        if user["held"] != 0:
            problems.append(f"credits stay held: {user}")
    spent = sum(START_BALANCE - user["balance"] for user in listed)
    if spent != charged:
        problems.append(f"balances fell by {spent}, tasks cost {charged}")
    print(f"{kills} kills, {len(sent)} messages, {len(texts)} tasks, {charged} credits charged, "
          f"{given_up} given up uncharged after {MOST_ATTEMPTS} killed attempts, "
          f"{duplicates} voices repeated, {len(asked)} asked for again after two kills in the send window, "
          f"{len(problems)} problems")
    return problems


def main():
    binary = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}, {rounds} rounds", flush=True)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="mlbilling-kill-") as directory:
        installation = Installation(binary, directory)
        try:
            users = [installation.api.call("POST", "/sandbox/api/users",
                                           {"first_name": f"User {i}", "language_code": "en"})
                     for i in range(USERS)]
            sent = []
            longest = max(1.2, 2 * time_to_answer(installation, users, sent))
            for _ in range(rounds):
                serve = installation.start("serve")
                one_round(installation, users, dice, sent, serve, longest)
            serve = installation.start("serve")
            api = installation.api
            left = wait_until_none(lambda: unanswered(api, users, sent))
            asked = ask_again(api, users)
            wait_until_none(lambda: without_voice(api, users, asked))
            problems = judge(installation, users, sent, left, asked, rounds)
            serve.terminate()
            if serve.wait(timeout=40) != 0:
                problems.append(f"serve drained with exit code {serve.returncode}")
        finally:
            installation.stop()
            if os.environ.get("KEEP_LOG"):
                subprocess.run(["cp", os.path.join(directory, "serve.log"), os.environ["KEEP_LOG"]])
    for problem in problems:
        print("PROBLEM", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
