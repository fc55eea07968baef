#!/usr/bin/env python3
"""A backup made while people use the service brings back every row of a database that was lost.

Starts the sandbox and `serve`, lets people write, makes a backup in the middle and one at rest, loses the database,
restores, and proves by the ledger's invariants and by the number of rows of each table that it is what was backed up.

usage: backup_test.py <mlbilling binary>
"""

import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from servers.child import Child
from servers.people import People
from servers.ports import answers, free_port

BINARY = os.path.abspath(sys.argv.pop(1))
TOKEN = "424242:token-of-the-backup-test"


class Embedded:
    """`serve` with its sandbox as a process of its own."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.ports = [free_port(), free_port()]
        self.environment = {
            "PATH": os.environ["PATH"], "TELEGRAM_BOT_TOKEN": TOKEN, "START_BALANCE": "1000", "LOG_LEVEL": "warning",
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self.ports[0]}",
            "SANDBOX_LISTEN": f"127.0.0.1:{self.ports[0]}", "HTTP_LISTEN": f"127.0.0.1:{self.ports[1]}",
            "DATABASE_URL": f"sqlite:{directory}/book.db", "BACKUP_DIRECTORY": f"{directory}/backups"}
        self.database = self.directory / "book.db"
        self.sandbox = self._start("sandbox")
        self.sandbox.wait_until(lambda: answers(f"http://127.0.0.1:{self.ports[0]}/sandbox/api/users"), 60, "answering")
        self.serve = self._start("serve")
        self.serve.wait_until(lambda: answers(f"http://127.0.0.1:{self.ports[1]}/readyz"), 60, "ready")
        self.people = People(f"http://127.0.0.1:{self.ports[0]}")

    def _start(self, command):
        return Child(command, [BINARY, command], self.directory / f"{command}.log", environment=self.environment,
                     directory=self.directory)

    def admin(self, *words, **more):
        return subprocess.run([BINARY, "admin", *words], cwd=self.directory, env=self.environment | more,
                              capture_output=True, text=True, timeout=300)

    def backups(self):
        return sorted((self.directory / "backups").glob("mlbilling-*"))

    def stop(self):
        return [child.stop() for child in (self.serve, self.sandbox)]

    def lose_database(self):
        for part in ("", "-wal", "-shm"):
            pathlib.Path(f"{self.database}{part}").unlink(missing_ok=True)


def rows(database):
    """How many rows each table has."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


class Backups(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mlbilling-backup-")
        self.addCleanup(folder.cleanup)
        self.service = Embedded(folder.name)
        self.addCleanup(self.service.stop)

    def succeed(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def use(self, rounds):
        for _ in range(rounds):
            self.service.people.write()

    def test_a_lost_database_comes_back_row_for_row(self):
        service = self.service
        self.use(4)
        self.succeed(service.admin("backup"))  # while tasks run
        service.people.wait_for_voices(4 * service.people.count(), 120)
        self.assertEqual(service.stop(), [0, 0])
        self.succeed(service.admin("backup"))
        during, at_rest = service.backups()
        # The backup is noted once it is there, so its own note is not in it.
        expected = rows(service.database)
        expected["backups"] -= 1
        self.assertEqual(expected["tasks"], 4 * service.people.count())

        service.lose_database()
        said = self.succeed(service.admin("restore", str(at_rest)))
        self.assertIn("ledger is in order", said)
        self.assertEqual(rows(service.database), expected)
        self.succeed(service.admin("ledger", "verify"))

        service.lose_database()
        self.succeed(service.admin("restore", str(during)))
        self.succeed(service.admin("ledger", "verify"))

    def test_a_database_in_use_is_never_restored_over(self):
        service = self.service
        self.use(1)
        service.people.wait_for_voices(service.people.count(), 120)
        self.succeed(service.admin("backup"))
        before = rows(service.database)
        refused = service.admin("restore", str(service.backups()[0]))
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is not empty", refused.stderr)
        self.assertEqual(rows(service.database), before | {"backups": before["backups"]})

    def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(self):
        service = self.service
        self.use(1)
        service.people.wait_for_voices(service.people.count(), 120)
        self.assertEqual(service.stop(), [0, 0])
        self.succeed(service.admin("backup"))
        whole = service.backups()[0].read_bytes()
        service.lose_database()
        half = service.directory / "half.sqlite"
        half.write_bytes(whole[:len(whole) // 2])
        foreign = service.directory / "foreign.sqlite"
        with contextlib.closing(sqlite3.connect(foreign)) as connection:
            connection.execute("CREATE TABLE something (else_ INTEGER)")
        for file in (half, foreign, service.directory / "missing.sqlite"):
            with self.subTest(file.name):
                refused = service.admin("restore", str(file))
                self.assertEqual(refused.returncode, 1, refused.stdout)
                self.assertEqual(refused.stderr.count("\n"), 1, refused.stderr)
                self.assertFalse(service.database.exists())

    def test_old_backups_go_and_the_newest_stay(self):
        service = self.service
        folder = service.directory / "backups"
        folder.mkdir()
        old = [folder / f"mlbilling-202001{day:02}T030000Z.sqlite" for day in range(1, 6)]
        for file in old:
            file.write_text("old")
        (folder / "notes.txt").write_text("not ours")
        self.succeed(service.admin("backup", "--keep-days", "7"))
        left = service.backups()
        self.assertEqual(left[:-1], old[-2:])
        self.assertEqual(left[-1].stat().st_mode & 0o777, 0o600)
        self.assertTrue((folder / "notes.txt").exists())

    def test_the_moment_is_seen_by_metrics_and_doctor(self):
        service = self.service
        name = "mlbilling_last_backup_timestamp_seconds"
        self.assertIn(f"\n{name} 0\n", self.metrics())
        doctor = lambda: subprocess.run([BINARY, "doctor"], cwd=service.directory, env=service.environment,
                                        capture_output=True, text=True, timeout=300).stdout
        self.assertIn("backup: there is none", doctor())
        self.succeed(service.admin("backup"))
        self.assertNotIn(f"\n{name} 0\n", self.metrics())
        self.assertIn("ok      backup: ", doctor())

    def metrics(self):
        import urllib.request
        with urllib.request.urlopen(f"http://127.0.0.1:{self.service.ports[1]}/metrics", timeout=30) as answer:
            return answer.read().decode()


if __name__ == "__main__":
    unittest.main()
