"""Users who write, speak, and wait for their answers, through the sandbox's control API (docs/sandbox.md)."""

import json
import re
import subprocess
import time
import urllib.parse
import urllib.request

from production_set import call

RECORDINGS = 6
# The users' language is English; see progress_text, progress_voice and progress_voice_unknown of the catalogue.
PROGRESS = r"((\d+ characters?|\d+:\d\d) · \d+ credits?|Listening…)(\n|$)"


class Crowd:
    def __init__(self, sandbox, count, dice, directory):
        self.base = sandbox + "/sandbox/api/"
        self.dice = dice
        self.recordings = [record(directory, number) for number in range(RECORDINGS)]
        self.people = [self._call("POST", "users", {"first_name": f"User {number}", "language_code": "en"})
                       for number in range(count)]
        # What was sent: chat, message, and what it asks for.
        self.sent = []

    def write_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._write_something(self.dice.choice(self.people))
            time.sleep(self.dice.uniform(0.0, 0.08))

    def _write_something(self, person):
        kind = self.dice.random()
        if kind < 0.6:
            self._text(person, f"message number {len(self.sent)} " + "la " * self.dice.randrange(0, 15))
        elif kind < 0.85:
            self._voice(person, self.dice.choice(self.recordings))
        elif kind < 0.93:
            self._text(person, f"the same text for {person['id']}")
        else:
            self._text(person, "/balance")

    def _text(self, person, text):
        view = self._call("POST", f"chats/{person['chat_id']}/messages", {"from": person["id"], "text": text})
        self._note(person, view, "command" if text.startswith("/") else "text")

    def _voice(self, person, recording):
        query = urllib.parse.urlencode({"from": person["id"], "kind": "voice", "duration": 1, "name": "voice.ogg",
                                        "mime": "audio/ogg"})
        request = urllib.request.Request(f"{self.base}chats/{person['chat_id']}/files?{query}", data=recording,
                                         method="POST", headers={"Content-Type": "audio/ogg"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self._note(person, json.loads(answer.read()), "voice")

    def _note(self, person, view, kind):
        self.sent.append({"chat": person["chat_id"], "message": view["id"], "kind": kind})

    def wait_until_answered(self, seconds):
        """What is still unanswered when all is answered or the time is over."""
        deadline = time.monotonic() + seconds
        left = self.unanswered()
        while left and time.monotonic() < deadline:
            time.sleep(1)
            left = self.unanswered()
        return left

    def unanswered(self):
        answers = self.answers()
        return [one for one in self.sent if not answers.get((one["chat"], one["message"]))]

    def answers(self):
        """How many answers each message got; one that shows the progress is none."""
        counted = {}
        for person in self.people:
            chat = person["chat_id"]
            views = self._call("GET", f"chats/{chat}/messages?after=0&timeout=0")["messages"]
            for view in views:
                if view["from"] == "bot" and view.get("reply_to") and not shows_progress(view):
                    key = (chat, view["reply_to"])
                    counted[key] = counted.get(key, 0) + 1
        return counted

    def _call(self, method, path, body=None):
        return call(self.base, method, path, body)


def shows_progress(view):
    """Known by its words: its button goes when the work begins."""
    return re.match(PROGRESS, view.get("text") or "") is not None


def record(directory, number):
    """A tone of two to seven seconds as Telegram's apps record: mono Ogg/Opus."""
    path = directory / f"recording-{number}.ogg"
    tone = f"sine=frequency={300 + 50 * number}:duration={2 + number}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", tone, "-ac", "1",
                    "-c:a", "libopus", "-b:a", "16k", str(path)], check=True)
    return path.read_bytes()
