"""Debian's Prometheus with the shipped configuration, pointed at an installation of a test."""

import json
import pathlib
import shutil
import urllib.error
import urllib.parse
import urllib.request

import yaml

from servers.child import Child
from servers.ports import answers, free_port

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "prometheus"


class Prometheus:
    def __init__(self, directory, targets):
        """`targets`: the addresses of each job, which take the place of names in the compose file."""
        self.directory = pathlib.Path(directory)
        self.port = free_port()
        self.targets = targets
        self.child = None

    def start(self):
        self.directory.mkdir()
        shutil.copytree(SHIPPED / "rules", self.directory / "rules")
        configuration = self._rewritten(yaml.safe_load((SHIPPED / "prometheus.yml").read_text()))
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        self.child = Child("prometheus", [
            "prometheus", f"--config.file={self.directory}/prometheus.yml",
            f"--storage.tsdb.path={self.directory}/data", f"--web.listen-address=127.0.0.1:{self.port}",
            "--log.level=warn"], self.directory / "prometheus.log")
        self.child.wait_until(lambda: answers(f"http://127.0.0.1:{self.port}/-/ready"), 60, "ready")

    def stop(self):
        if self.child:
            self.child.stop()

    def query(self, expression):
        """The samples of an instant query: [(labels, number)]."""
        data = self._get("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def rules(self):
        return [rule for group in self._get("/api/v1/rules")["groups"] for rule in group["rules"]]

    def targets_seen(self):
        """(job, address, whether it answers, why not)"""
        return [(target["labels"]["job"], target["labels"]["instance"], target["health"] == "up", target["lastError"])
                for target in self._get("/api/v1/targets")["activeTargets"]]

    def _rewritten(self, configuration):
        """The same jobs, asked every three seconds, at other addresses."""
        configuration["global"] = {"scrape_interval": "3s", "scrape_timeout": "3s", "evaluation_interval": "1s"}
        del configuration["alerting"]
        for job in configuration["scrape_configs"]:
            job.pop("dns_sd_configs", None)
            own = [f"127.0.0.1:{self.port}"] if job["job_name"] == "prometheus" else None
            job["static_configs"] = [{"targets": own or self.targets[job["job_name"]]}]
        return configuration

    def _get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {json.load(error)['error']}") from error
