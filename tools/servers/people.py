"""People who write to the bot through the sandbox's control API (docs/sandbox.md)."""

import json
import time
import urllib.request

SENTENCES = ("Go forward ten meters.", "The quick brown fox jumps over the lazy dog.", "Привет, мир.", "Раз, два, три.")


class People:
    def __init__(self, sandbox_address):
        self.base = sandbox_address + "/sandbox/api/"
        self.people = self._call("GET", "users")
        self.sent = 0

    def count(self):
        return len(self.people)

    def some_calls_fail(self):
        """Telegram refuses a call here and there, so that there are failures to be seen."""
        self._call("POST", "faults", {"method": "sendMessage", "kind": "500", "count": 1})
        self._call("POST", "faults", {"method": "sendVoice", "kind": "429", "count": 1, "retry_after": 1})

    def write(self):
        """Everybody writes one text."""
        for person in self.people:
            self.sent += 1
            self.say(person, f"{SENTENCES[self.sent % len(SENTENCES)]} {self.sent}")

    def say(self, person, text):
        self._call("POST", f"chats/{person['chat_id']}/messages", {"from": person["id"], "text": text})

    def wait_for_voices(self, count, seconds):
        """Until so many voice messages have come back."""
        deadline = time.monotonic() + seconds
        while (heard := self.voices()) < count:
            if time.monotonic() > deadline:
                raise SystemExit(f"{heard} of {count} voices came back within {seconds} s")
            time.sleep(0.2)

    def voices(self):
        return sum(message["kind"] == "voice" and message["from"] == "bot"
                   for person in self.people for message in self._messages(person))

    def _messages(self, person):
        return self._call("GET", f"chats/{person['chat_id']}/messages?after=0&timeout=0")["messages"]

    def _call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
