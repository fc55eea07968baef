#!/usr/bin/python3
"""The shipped monitoring over a running installation.

Checks the rules and their own tests with promtool; then starts the production set with Debian's Prometheus and
PostgreSQL exporter, lets people write, and requires that every query of every dashboard has data, that every rule
reads something that is there, and that a dead letter and a dead worker are noticed. At last the database is lost and
restored from a backup, and the service goes on with it.

usage: monitoring_test.py <mlbilling binary>
"""

import glob
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tools")]

from prometheus_server import SHIPPED, Prometheus
from promql import selectors
from restoring import lose_and_restore
from servers.child import Child
from servers.installation import Installation
from servers.people import People
from servers.ports import accepts, free_port

DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
# Grafana puts four scrape intervals here; we scrape every three seconds.
RATE_INTERVAL = "12s"
# Rows of a queue that only exist once something has gone wrong, and what stands for them.
PATIENCE_SECONDS = 120


def say(what):
    print(what, flush=True)


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"promtool {' '.join(arguments[:2])}: {done.stdout}{done.stderr}")


def check_with_promtool():
    promtool("check", "config", str(SHIPPED / "prometheus.yml"))
    promtool("check", "rules", *glob.glob(str(SHIPPED / "rules" / "*.yml")))
    promtool("test", "rules", *glob.glob(str(SHIPPED / "tests" / "*.yml")))


def dashboard_queries():
    """(dashboard: panel, expression) of all of them."""
    found = []
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            if not panel["targets"]:
                raise SystemExit(f"{file.name}: {panel['title']} asks nothing")
            found += [(f"{file.stem}: {panel['title']}", target["expr"].replace("$__rate_interval", RATE_INTERVAL))
                      for target in panel["targets"]]
    return found


def rule_inputs(prometheus):
    rules = prometheus.rules()
    for rule in rules:
        annotations = rule.get("annotations", {})
        if rule["health"] != "ok" or not annotations.get("summary") or not annotations.get("action"):
            raise SystemExit(f"rule {rule['name']}: {rule['health']} {rule.get('lastError', '')}, or it does not say "
                             "what happened and what to do")
    return [(f"rule {rule['name']}", selector) for rule in rules for selector in selectors(rule["query"])]


def has_data(prometheus, expression):
    return any(math.isfinite(value) for _, value in prometheus.query(expression))


def require_data(prometheus, queries, meanwhile):
    """Each query must have had data at some time."""
    waiting = list(queries)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting and time.monotonic() < deadline:
        meanwhile()
        waiting = [query for query in waiting if not has_data(prometheus, query[1])]
        time.sleep(0.5)
    for where, expression in waiting:
        say(f"NO DATA {where}: {expression}")
    if waiting:
        raise SystemExit(f"{len(waiting)} of {len(queries)} queries have no data")
    say(f"{len(queries)} queries have data")


def wait_until(what, condition, seconds=PATIENCE_SECONDS):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.2)
    say(what)


def alerts(prometheus, name):
    return [labels["alertstate"] for labels, _ in prometheus.query(f'ALERTS{{alertname="{name}"}}')]


class Exporter:
    """Debian's PostgreSQL exporter, as the role that deploy/postgres/roles.sql makes for it."""

    def __init__(self, directory, postgres):
        self.port = free_port()
        self.child = Child("postgres-exporter", [
            "prometheus-postgres-exporter", f"--web.listen-address=127.0.0.1:{self.port}"],
            directory / "exporter.log", environment={
                "PATH": os.environ["PATH"],
                "DATA_SOURCE_NAME": postgres.url("mlbilling_monitor") + "?sslmode=disable"})
        self.child.wait_until(lambda: accepts(self.port), 30, "listening")


def targets_of(installation, exporter):
    def address(process):
        return f"127.0.0.1:{process[2]}"
    return {
        "bot": [address(bot) for bot in installation.bots],
        "worker": [address(worker) for worker in installation.workers],
        "rabbitmq": [installation.rabbitmq.metrics_address()],
        "rabbitmq-queues": [installation.rabbitmq.metrics_address()],
        "postgres": [f"127.0.0.1:{exporter.port}"],
    }


def everything_answers(prometheus, count):
    seen = prometheus.targets_seen()
    return len(seen) == count and all(up for _, _, up, _ in seen)


def send_dead_letter(installation):
    """A message that is no JSON object, as a broken producer would send it."""
    import pika
    connection = pika.BlockingConnection(pika.URLParameters(installation.rabbitmq.url()))
    connection.channel().basic_publish("", "tasks", b"this is no task", pika.BasicProperties(delivery_mode=2))
    connection.close()


def watch(installation, prometheus, targets, people):
    count = sum(map(len, targets.values())) + 1
    wait_until(f"{count} targets answer", lambda: everything_answers(prometheus, count))
    people.some_calls_fail()
    people.write()
    people.wait_for_voices(people.count(), 120)
    require_data(prometheus, dashboard_queries() + rule_inputs(prometheus), people.write)
    wait_until("no alert fires", lambda: not firing(prometheus))
    send_dead_letter(installation)
    wait_until("a dead letter is an alert", lambda: alerts(prometheus, "DeadLetters") == ["firing"])
    name, process, _ = installation.workers[-1]
    process.process.kill()
    wait_until(f"{name} killed: an alert is pending", lambda: alerts(prometheus, "PartDown") == ["pending"])
    process.process.wait()
    installation.workers.pop()


def firing(prometheus):
    return [labels["alertname"] for labels, _ in prometheus.query('ALERTS{alertstate="firing"}')]


def main():
    check_with_promtool()
    say("promtool: configuration, rules and their tests are good")
    with tempfile.TemporaryDirectory(prefix="mlbilling-monitoring-") as name:
        directory = pathlib.Path(name)
        installation = Installation(sys.argv[1], directory / "installation", {"START_BALANCE": "100000"}, say)
        directory.chmod(0o711)
        started = []
        try:
            installation.start()
            installation.command("admin", "backup", **installation.as_owner())
            exporter = Exporter(directory, installation.postgres)
            started.append(exporter.child)
            targets = targets_of(installation, exporter)
            prometheus = Prometheus(directory / "prometheus", targets)
            prometheus.start()
            started.append(prometheus)
            people = People(installation.sandbox_address())
            watch(installation, prometheus, targets, people)
            lose_and_restore(installation, directory / "backups", say)
            heard = people.voices()
            installation.start_processes(bots=1, workers=1)
            people.write()
            people.wait_for_voices(heard + people.count(), 120)
            say("the service goes on with what came back")
        finally:
            for server in reversed(started):
                server.stop()
            installation.stop()
    say("monitoring: all is well")


if __name__ == "__main__":
    main()
