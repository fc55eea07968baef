#!/usr/bin/env python3
"""Bot and worker as on two machines: nothing in common but PostgreSQL, RabbitMQ and a bucket.

Each process has a working directory, a home and a folder of temporary files of its own, and leaves nothing there. What
the user hears is what lies in the bucket; what is not there any more is made anew.

usage: far_apart_test.py <mlbilling binary> <provider_standin binary>
"""

import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "integration" / "chaos")]
from crowd import Crowd
from production_set import ProductionSet, call
from servers.child import Child

MLBILLING, STANDIN = (os.path.abspath(path) for path in sys.argv[1:3])
BUCKET = "results"
PATIENCE = 60


class Bucket:
    """An S3 server from npm with one bucket, in a folder; see tests/contract/results."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir()
        server = ROOT / "tests" / "contract" / "results" / "s3_server" / "server.mjs"
        log = folder.with_suffix(".log")
        # The library makes its continuation tokens with a cipher that OpenSSL 3 counts as legacy.
        self.child = Child("s3", ["node", "--openssl-legacy-provider", str(server), str(folder), BUCKET], log,
                           environment=os.environ | {"NODE_NO_WARNINGS": "1"})
        self.child.wait_until(lambda: log.read_text().endswith("\n"), 30, "listening")
        self.port = int(log.read_text().split()[0])

    def variables(self):
        return {
            "RESULT_STORE_URL": f"s3://{BUCKET}/voices?endpoint=http://127.0.0.1:{self.port}",
            # The only pair that this server knows.
            "AWS_ACCESS_KEY_ID": "S3RVER",
            "AWS_SECRET_ACCESS_KEY": "S3RVER",
        }

    def objects(self):
        return [path.read_bytes() for path in self.folder.rglob("*._S3rver_object")]

    def empty(self):
        shutil.rmtree(self.folder / BUCKET / "voices")


class FarApart(ProductionSet):
    def __init__(self, bucket, directory):
        self.bucket = bucket
        self.homes = {}
        super().__init__(MLBILLING, STANDIN, directory)

    def environment(self):
        return super().environment() | self.bucket.variables()

    def _child(self, name, command, more):
        logs = self.directory / "logs"
        logs.mkdir(exist_ok=True)
        home = pathlib.Path(tempfile.mkdtemp(prefix=f"mlbilling-{name}-", dir="/var/tmp"))
        self.homes[name] = home
        alone = {"HOME": str(home), "TMPDIR": str(home)}
        return Child(name, [self.binary, command], logs / f"{name}.log", directory=home,
                     environment=os.environ | self.environment() | more | alone)

    def what_was_left(self):
        return [str(path) for name, home in self.homes.items() if name != "sandbox" for path in home.rglob("*")]

    def remove_homes(self):
        for home in self.homes.values():
            shutil.rmtree(home, ignore_errors=True)


class ResultsComeByTheBucketAlone(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="mlbilling-apart-", dir="/var/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.directory = pathlib.Path(folder.name)
        # PostgreSQL may run as another user and must get through to its own folder.
        cls.directory.chmod(0o711)
        cls.bucket = Bucket(cls.directory / "bucket")
        cls.addClassCleanup(cls.bucket.child.stop)
        cls.service = FarApart(cls.bucket, cls.directory / "service")
        cls.addClassCleanup(cls.service.remove_homes)
        cls.addClassCleanup(cls.service.stop)
        cls.service.start(bots=1, workers=1)
        cls.crowd = Crowd(cls.service.sandbox_address(), 1, random.Random(1), cls.directory)
        cls.anna = cls.crowd.people[0]

    def test_what_the_worker_puts_into_the_bucket_the_bot_sends(self):
        self.crowd._voice(self.anna, self.crowd.recordings[0])
        self.ask_for_a_voice()
        self.assertEqual(1, len(self.voices()))
        self.assertEqual([self.heard()], self.bucket.objects())

        # From the cache.
        self.ask_for_a_voice()
        self.assertEqual(2, len(self.voices()))
        self.assertEqual([self.heard()], self.bucket.objects())

        self.bucket.empty()
        self.ask_for_a_voice()
        self.assertEqual(3, len(self.voices()))
        self.assertEqual([self.heard()], self.bucket.objects())

        self.assertEqual([], self.service.what_was_left())
        self.assertFalse((self.service.directory / "results").exists())

    def ask_for_a_voice(self):
        self.crowd._text(self.anna, "Far away. " * 30)
        self.assertEqual([], self.crowd.wait_until_answered(PATIENCE))

    def voices(self):
        path = f"chats/{self.anna['chat_id']}/messages?after=0&timeout=0"
        return [one for one in call(self.crowd.base, "GET", path)["messages"]
                if one["from"] == "bot" and one["kind"] == "voice"]

    def heard(self):
        """The bytes of the newest voice."""
        address = self.service.sandbox_address() + self.voices()[-1]["file"]["url"]
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.read()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
