#!/usr/bin/python3
"""What bot and worker do when RabbitMQ is away, and when it refuses them.

A broker that is merely down stops nobody. One that refuses a process for good (wrong password, no such virtual host,
a queue made otherwise) stops it at the start with one line that names the variable, and later makes it not ready until
somebody has mended it, with one error line.

usage: refusal_test.py <mlbilling binary>
"""

import json
import os
import pathlib
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

import pika

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from servers.installation import Installation
from servers.ports import answers, free_port

BINARY = os.path.abspath(sys.argv.pop(1))
PROCESSES = ("bot", "worker")
WRONG_USAGE = 2
PATIENCE = 120


def readiness(port):
    """The status and the text of /readyz."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Refusal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="mlbilling-refusal-", dir="/var/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.service = Installation(BINARY, folder.name, {"LOG_FORMAT": "json"}, say=lambda what: None)
        cls.addClassCleanup(cls.service.stop)
        cls.start_all_but_rabbitmq()
        cls.run_without_rabbitmq()
        cls.service.rabbitmq.start()

    @classmethod
    def start_all_but_rabbitmq(cls):
        service = cls.service
        service.directory.chmod(0o711)
        service.postgres.start()
        service.command("migrate", **service.as_owner())
        service._start_sandbox()

    @classmethod
    def run_without_rabbitmq(cls):
        """What the processes say while there is no broker, for the test of it."""
        cls.service.start_bot()
        cls.service.start_worker()
        cls.first_answers = []
        for _, process, port in cls.service.bots + cls.service.workers:
            process.wait_until(lambda port=port: answers(f"http://127.0.0.1:{port}/healthz"), PATIENCE, "answering")
            process.wait_until(lambda port=port: "cannot reach" in readiness(port)[1], PATIENCE, "not ready")
            cls.first_answers.append(readiness(port))

    def members(self):
        return self.service.bots + self.service.workers

    def wait_until_ready(self):
        for _, process, port in self.members():
            process.wait_until(lambda port=port: answers(f"http://127.0.0.1:{port}/readyz"), PATIENCE, "ready")

    def control(self, *words):
        done = self.service.rabbitmq.control(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def refused(self, process, url):
        """The one line of a process that must not start; one that does is ended by run()'s time limit."""
        done = self.service.run(process, RABBITMQ_URL=url, HTTP_LISTEN=f"127.0.0.1:{free_port()}")
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        complaints = [line for line in done.stderr.splitlines() if json_level(line) not in ("debug", "info")]
        self.assertEqual(len(complaints), 1, done.stderr)
        self.assertTrue(complaints[0].startswith("mlbilling: RABBITMQ_URL: "), complaints[0])
        return complaints[0]

    def test_1_a_broker_that_is_down_at_the_start_stops_nobody(self):
        for status, text in self.first_answers:
            self.assertEqual(status, 503)
            self.assertIn("broker: cannot reach RabbitMQ", text)
        self.wait_until_ready()

    def test_2_a_wrong_password_stops_the_start(self):
        url = self.service.rabbitmq.url()
        password = url.split(":")[2].split("@")[0]
        for process in PROCESSES:
            line = self.refused(process, url.replace(password, "geheim"))
            self.assertIn("ACCESS_REFUSED", line)
            self.assertNotIn("geheim", line)

    def test_3_a_missing_virtual_host_stops_the_start(self):
        for process in PROCESSES:
            self.assertIn("virtual host nowhere", self.refused(process, self.service.rabbitmq.url() + "nowhere"))

    def test_4_a_queue_made_otherwise_stops_the_start(self):
        self.control("add_vhost", "other")
        self.control("set_permissions", "-p", "other", "mlbilling", ".*", ".*", ".*")
        url = self.service.rabbitmq.url() + "other"
        connection = pika.BlockingConnection(pika.URLParameters(url))
        connection.channel().queue_declare("tasks", durable=True)
        connection.close()
        for process in PROCESSES:
            self.assertIn("rabbitmqctl delete_queue tasks", self.refused(process, url))

    def test_5_a_refusal_later_is_outlived(self):
        self.wait_until_ready()
        password = self.service.rabbitmq.url().split(":")[2].split("@")[0]
        self.control("change_password", "mlbilling", "other")
        self.control("close_all_connections", "the password has changed")
        for _, process, port in self.members():
            process.wait_until(lambda port=port: "refuses user" in readiness(port)[1], PATIENCE, "refused")
            self.assertEqual(readiness(port)[0], 503)
        # Four connections are made again and again: each has been refused several times.
        broker = self.service.rabbitmq
        broker.child.wait_until(lambda: logins_refused(broker) >= 20, PATIENCE, "refusing")
        for _, process, _ in self.members():
            self.assertFalse(process.ended())
            self.assertEqual(len(errors_of(process)), 1, errors_of(process))
        self.control("change_password", "mlbilling", password)
        self.wait_until_ready()


def json_level(line):
    return json.loads(line)["level"] if line.startswith("{") else None


def logins_refused(broker):
    return pathlib.Path(broker.child.log).read_text().count("login refused")


def errors_of(process):
    lines = pathlib.Path(process.log).read_text().splitlines()
    return [line for line in lines if json_level(line) == "error"]


if __name__ == "__main__":
    unittest.main()
