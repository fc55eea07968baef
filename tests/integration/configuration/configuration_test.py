#!/usr/bin/python3
"""What the program makes of its environment, its `.env`, its files and the outside, when it is really started.

usage: configuration_test.py <mlbilling binary>
"""

import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from echoing_server import EchoingServer

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from servers.child import Child
from servers.ports import answers, free_port
from servers.postgres import Postgres

BINARY = os.path.abspath(sys.argv.pop(1))
PATIENCE = 60
WRONG_USAGE = 2
NOBODY = 65534


def fetch(address, data=None):
    """Status and text of an answer; 0 when nobody listens just now."""
    try:
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mlbilling-configuration-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.http = free_port()
        self.chat = free_port()

    def environment(self, more):
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
                 "HTTP_LISTEN": f"127.0.0.1:{self.http}", "SANDBOX_LISTEN": f"127.0.0.1:{self.chat}"}
        return plain | more

    def run_once(self, *words, user=None, **variables):
        command = [BINARY, *words]
        if user and os.geteuid() == 0:
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        return subprocess.run(command, cwd=self.folder, env=self.environment(variables), capture_output=True,
                              text=True, timeout=PATIENCE)

    def start(self, command, **variables):
        child = Child(command, [BINARY, command], self.folder / f"{command}.log", directory=self.folder,
                      environment=self.environment(variables))
        self.addCleanup(child.stop)
        return child

    def serve(self, **variables):
        child = self.start("serve", **variables)
        child.wait_until(lambda: answers(f"http://127.0.0.1:{self.http}/readyz"), PATIENCE, "ready")
        return child

    def said(self, child):
        return pathlib.Path(child.log).read_text()

    def refused(self, done, name):
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith(f"mlbilling: {name}"), lines[0])


class DotEnv(WithFolder):
    def write(self, text, mode=0o600):
        path = self.folder / ".env"
        path.write_text(text)
        path.chmod(mode)

    def test_one_that_may_not_be_read_does_not_become_the_sandbox(self):
        self.write("TELEGRAM_BOT_TOKEN=123456:AAexample_token-of-some-length\n", 0o000)
        self.folder.chmod(0o755)
        self.refused(self.run_once("serve", user=NOBODY), ".env cannot be read")

    def test_a_folder_or_a_link_to_nothing_is_refused(self):
        (self.folder / ".env").mkdir()
        self.refused(self.run_once("serve"), ".env is a folder")
        (self.folder / ".env").rmdir()
        (self.folder / ".env").symlink_to("nowhere")
        self.refused(self.run_once("serve"), ".env cannot be read")

    def test_what_others_can_read_and_what_nobody_knows_is_told(self):
        self.write("START_BALNCE=25\n", 0o644)
        said = self.said(self.serve())
        self.assertIn(".env can be read", said)
        self.assertIn("did you mean START_BALANCE?", said)
        for line in self.run_once("doctor").stdout.splitlines():
            if line.startswith("note    configuration: .env can be read"):
                break
        else:
            self.fail("doctor says nothing of .env")

    def test_one_for_its_owner_alone_is_no_news(self):
        self.write("\ufeffSTART_BALANCE=\"25\" # at registration\r\n")
        self.assertNotIn("warning", self.said(self.serve()))


class Files(WithFolder):
    def modes(self):
        return {str(path.relative_to(self.folder)): stat.S_IMODE(path.stat().st_mode)
                for path in (self.folder / "data").rglob("*")} | {
                    "data": stat.S_IMODE((self.folder / "data").stat().st_mode)}

    def test_everything_is_for_the_owner_alone(self):
        os.umask(0o022)
        child = self.serve()
        self.run_once("admin", "backup")
        self.assertGreater(len(self.modes()), 4)
        self.assertEqual({name: oct(mode) for name, mode in self.modes().items() if mode & 0o077}, {})
        child.stop()

    def test_a_book_that_others_could_read_is_closed_to_them(self):
        self.run_once("migrate")
        book = self.folder / "data" / "mlbilling.db"
        book.chmod(0o644)
        book.parent.chmod(0o755)
        child = self.serve()
        self.assertEqual(stat.S_IMODE(book.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(book.parent.stat().st_mode), 0o700)
        self.assertEqual(self.said(child).count("could read what is ours"), 2)

    def test_a_second_service_on_one_book_does_not_start(self):
        first = self.serve()
        done = self.run_once("serve", HTTP_LISTEN="127.0.0.1:0", SANDBOX_LISTEN="127.0.0.1:0",
                             DATABASE_URL="sqlite:./data/../data/mlbilling.db")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(f"another mlbilling serve, process {first.process.pid}, works on", done.stderr)
        self.assertEqual(self.run_once("admin", "user", "list").returncode, 0)
        # However it ends, the next one may start at once.
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        self.serve()

    def test_a_book_that_may_not_be_written_to_is_found(self):
        self.run_once("migrate")
        data = self.folder / "data"
        self.folder.chmod(0o755)
        data.chmod(0o777)
        (data / "mlbilling.db").chmod(0o444)
        doctor = self.run_once("doctor", user=NOBODY)
        self.assertIn("BROKEN  database: database data/mlbilling.db: this user may not write to it", doctor.stdout)
        serve = self.run_once("serve", user=NOBODY)
        self.assertEqual(serve.returncode, 1)
        self.assertIn("this user may not write to it", serve.stderr)
        self.assertNotIn("SELECT", serve.stderr)


class Listeners(WithFolder):
    def test_an_address_of_version_6_works_and_can_be_opened(self):
        if not socket.has_ipv6:
            self.skipTest("no IPv6 here")
        child = self.start("serve", HTTP_LISTEN=f"[::1]:{self.http}", SANDBOX_LISTEN=f"::1:{self.chat}")
        child.wait_until(lambda: answers(f"http://[::1]:{self.http}/readyz"), PATIENCE, "ready")
        said = self.said(child)
        for address in (f"http://[::1]:{self.chat}/", f"http://[::1]:{self.http}/readyz"):
            self.assertIn(address, said)
            self.assertEqual(fetch(address)[0], 200)


class Secrets(WithFolder):
    """A server, or one between, that sends back what it was sent."""

    KEYS = {
        "YANDEX_API_KEY": {"YANDEX_API_KEY": "AQVNgeheim-key-of-a-service-account"},
        "YANDEX_IAM_TOKEN": {"YANDEX_IAM_TOKEN": "t1.geheim-token-of-a-user", "YANDEX_FOLDER_ID": "b1g"},
        "YANDEX_OAUTH_TOKEN": {"YANDEX_OAUTH_TOKEN": "y0_geheim-token-of-a-passport", "YANDEX_FOLDER_ID": "b1g"},
        "OPENAI_API_KEY": {"OPENAI_API_KEY": "sk-geheim/with%signs", "SPEECH_PROVIDER": "openai"},
    }
    STATUSES = (302, 400, 401, 403, 404, 429, 500)

    def setUp(self):
        super().setUp()
        self.server = EchoingServer()
        self.addCleanup(self.server.stop)

    def variables(self, keys):
        base = self.server.address
        urls = {name: base for name in ("YANDEX_TTS_URL", "YANDEX_STT_URL", "YANDEX_OPERATION_URL", "YANDEX_IAM_URL",
                                        "OPENAI_BASE_URL")}
        return urls | keys

    def telegram(self):
        return {"TELEGRAM_BOT_TOKEN": "123456:AAgeheim_token-of-a-bot", "TELEGRAM_API_URL": self.server.address}

    def assert_hidden(self, text):
        """Every secret here has a part of this name, plain or in Base64."""
        self.assertNotIn("geheim", text)
        self.assertNotIn("Z2VoZWlt", text)

    def test_doctor_shows_none(self):
        for name, keys in self.KEYS.items():
            for status in self.STATUSES:
                with self.subTest(name=name, status=status):
                    self.server.status = status
                    done = self.run_once("doctor", **self.variables(keys), **self.telegram())
                    self.assertIn("BROKEN", done.stdout)
                    self.assert_hidden(done.stdout + done.stderr)
        self.assertIn("geheim", self.server.received, "the server saw no secret: nothing was tried")

    def test_nor_does_the_log_of_a_service(self):
        keys = self.KEYS["YANDEX_API_KEY"]
        self.server.status = 500
        child = self.serve(**self.variables(keys), LOG_LEVEL="debug")
        api = f"http://127.0.0.1:{self.chat}/sandbox/api"
        anna = json.loads(fetch(f"{api}/users", b'{"first_name":"Anna","language_code":"en"}')[1])
        message = json.dumps({"from": anna["id"], "text": "Hello"}).encode()
        fetch(f"{api}/chats/{anna['chat_id']}/messages", message)
        child.wait_until(lambda: "***" in self.said(child), PATIENCE, "refused")
        self.assert_hidden(self.said(child))

    def test_a_secret_may_be_in_a_file(self):
        path = self.folder / "key"
        path.write_text("AQVNgeheim-key-of-a-service-account\n")
        self.server.status = 500
        done = self.run_once("doctor", **self.variables({"YANDEX_API_KEY_FILE": str(path)}))
        self.assertIn("AQVNgeheim", self.server.received)
        self.assert_hidden(done.stdout + done.stderr)
        self.refused(self.run_once("serve", YANDEX_API_KEY_FILE=str(path), YANDEX_API_KEY="x"), "YANDEX_API_KEY_FILE")
        self.refused(self.run_once("serve", YANDEX_API_KEY_FILE="/nowhere"), "YANDEX_API_KEY_FILE")


class Proxies(WithFolder):
    def test_a_socks5_address_ends_nothing(self):
        for name in ("TELEGRAM_PROXY", "ALL_PROXY"):
            for scheme in ("socks5", "socks5h", "SOCKS5"):
                with self.subTest(name=name, scheme=scheme):
                    done = self.run_once("doctor", **{name: f"{scheme}://u:geheim@127.0.0.1:1"},
                                         TELEGRAM_BOT_TOKEN="123456:AAexample_token-of-some-length",
                                         YANDEX_API_KEY="AQVN-key-of-nobody")
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn("BROKEN  telegram", done.stdout)
                    self.assertNotIn("geheim", done.stdout + done.stderr)


class DatabaseAway(WithFolder):
    """PostgreSQL is not there at the start, and comes."""

    def variables(self, url):
        return {"DATABASE_URL": url, "RABBITMQ_URL": f"amqp://127.0.0.1:{free_port()}",
                "TELEGRAM_BOT_TOKEN": "424242:token-of-a-sandbox", "TELEGRAM_API_URL": f"http://127.0.0.1:{self.chat}"}

    def test_commands_say_so_in_one_line(self):
        url = f"postgresql://u:geheim@127.0.0.1:{free_port()}/ml"
        for words in (("migrate",), ("admin", "user", "list")):
            done = self.run_once(*words, DATABASE_URL=url)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn("database not reachable (DATABASE_URL)", done.stderr)
            self.assertNotIn("geheim", done.stderr)

    def test_a_process_listens_says_so_and_goes_on_when_it_is_back(self):
        self.folder.chmod(0o711)
        server = Postgres(self.folder / "postgres")
        self.addCleanup(server.stop)
        server.start()
        self.run_once("migrate", DATABASE_URL=server.url("mlbilling_owner"))
        server.stop()
        for command in ("bot", "worker"):
            child = self.start(command, **self.variables(server.url()))
            base = f"http://127.0.0.1:{self.http}"
            child.wait_until(lambda: answers(f"{base}/healthz"), PATIENCE, "alive")
            status, text = fetch(f"{base}/readyz")
            self.assertEqual((status, json.loads(text)["reason"]),
                             (503, "database not reachable, retrying (DATABASE_URL)"))
            child.wait_until(lambda: "database not reachable, retrying" in self.said(child), PATIENCE, "telling")
            server.start()
            child.wait_until(lambda: f"the {command} starts" in self.said(child), PATIENCE, "started")
            child.wait_until(lambda: "broker" in fetch(f"{base}/readyz")[1], PATIENCE, "at work")
            self.assertEqual(self.said(child).count("database not reachable, retrying"), 1)
            self.assertEqual(child.stop(), 0)
            server.stop()

    def test_a_process_that_waits_can_be_told_to_end(self):
        child = self.start("worker", **self.variables(f"postgresql://u@127.0.0.1:{free_port()}/ml"))
        child.wait_until(lambda: answers(f"http://127.0.0.1:{self.http}/healthz"), PATIENCE, "alive")
        self.assertEqual(child.stop(), 0)


if __name__ == "__main__":
    unittest.main()
