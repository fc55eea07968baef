#!/usr/bin/python3
"""What deploy/ promises and a program can check without starting anything."""

import json
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[3] / "deploy"
SHUTDOWN_TIMEOUT_S = 25
WORST_EXPOSURE = 2.0


class Compose(unittest.TestCase):
    def setUp(self):
        self.text = (DEPLOY / "compose.yml").read_text()
        self.services = yaml.safe_load(self.text)["services"]

    def each(self):
        for name, service in self.services.items():
            with self.subTest(name):
                yield name, service

    def test_the_parts_are_there(self):
        self.assertLessEqual({"postgres", "rabbitmq", "migrate", "bot", "worker", "prometheus", "grafana", "backup"},
                             set(self.services))
        self.assertEqual(self.services["worker"]["deploy"]["replicas"], 2)

    def test_every_container_is_confined(self):
        for name, service in self.each():
            self.assertIs(service["read_only"], True)
            self.assertEqual(service["cap_drop"], ["ALL"])
            self.assertNotIn("cap_add", service)
            self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
            self.assertLessEqual({"cpus", "memory"}, set(service["deploy"]["resources"]["limits"]))
            self.assertEqual(service["restart"], "no" if name == "migrate" else "unless-stopped")

    def test_nothing_is_published_beyond_this_machine(self):
        published = [port for _, service in self.each() for port in service.get("ports", [])]
        self.assertEqual(len(published), 1)
        for port in published:
            self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_servers_have_no_way_out(self):
        self.assertIs(yaml.safe_load(self.text)["networks"]["inside"]["internal"], True)
        for name in ("postgres", "rabbitmq", "migrate", "backup", "postgres-exporter", "prometheus"):
            self.assertEqual(self.services[name]["networks"], ["inside"])

    def test_every_secret_comes_from_the_environment_and_must_be_there(self):
        for name, service in self.each():
            for variable, value in (service.get("environment") or {}).items():
                if re.search(r"PASSWORD|PASS$|TOKEN|COOKIE|_URL$|DATA_SOURCE", variable) and value:
                    literal = re.sub(r"\$\{[A-Z_]+(:[-?][^}]*)?\}", "", str(value))
                    self.assertNotRegex(literal, r"//[^@/]+:[^@/]+@", f"a password in {variable}")
                    if not variable.endswith("_URL"):
                        self.assertIn("${", str(value), f"{variable} is written out")

    def test_every_variable_without_a_default_is_in_the_env_that_prepare_writes(self):
        wanted = set(re.findall(r"\$\{([A-Z_]+)(?::\?[^}]*)?\}", self.text))
        written = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "prepare").read_text(), re.MULTILINE))
        self.assertEqual(wanted, written)

    def test_each_process_is_told_only_what_it_needs(self):
        for name in ("migrate", "backup"):
            self.assertEqual([], [told for told in self.services[name]["environment"]
                                  if re.search("TELEGRAM|YANDEX|OPENAI|RABBITMQ|WEBHOOK|CONSOLE", told)])
        for name in ("bot", "worker"):
            self.assertNotIn("OWNER", str(self.services[name]["environment"]))
        self.assertNotRegex(str(self.services["worker"]["environment"]), "WEBHOOK|CONSOLE|ADMIN")

    def test_a_process_is_given_more_time_than_it_takes_to_drain(self):
        for name in ("bot", "worker"):
            self.assertGreater(int(self.services[name]["stop_grace_period"].rstrip("s")), SHUTDOWN_TIMEOUT_S)
            self.assertEqual(self.services[name]["environment"]["SHUTDOWN_TIMEOUT_S"], SHUTDOWN_TIMEOUT_S)

    def test_every_long_running_part_that_can_be_asked_has_a_health_check(self):
        words = {"bot": "/readyz", "worker": "/readyz", "postgres": "pg_isready", "rabbitmq": "rabbitmq-diagnostics",
                 "prometheus": "healthy", "grafana": "/api/health"}
        for name, word in words.items():
            with self.subTest(name):
                test = self.services[name]["healthcheck"]["test"]
                self.assertIn(word, test if isinstance(test, str) else " ".join(test))

    def test_every_file_that_is_mounted_is_there(self):
        for name, service in self.each():
            for volume in service.get("volumes", []):
                if volume.startswith("./"):
                    self.assertTrue((DEPLOY / volume.split(":")[0]).exists(), volume)
                    self.assertTrue(volume.endswith(":ro"), volume)


class Prepare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        shutil.copy(DEPLOY / "prepare", self.folder.name)
        self.file = pathlib.Path(self.folder.name) / ".env"

    def prepare(self):
        return subprocess.run([f"{self.folder.name}/prepare"], capture_output=True, text=True)

    def test_every_secret_is_random_and_for_the_owner_alone(self):
        self.assertEqual(self.prepare().returncode, 0)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        secrets = re.findall(r"^\w*PASSWORD=(.*)$", self.file.read_text(), re.MULTILINE)
        self.assertEqual(len(secrets), 6)
        self.assertEqual(len(set(secrets)), 6)
        for secret in secrets:
            self.assertRegex(secret, "^[0-9a-f]{48}$")

    def test_it_never_overwrites(self):
        self.file.write_text("mine")
        done = self.prepare()
        self.assertEqual(done.returncode, 1)
        self.assertIn(".env is there", done.stderr)
        self.assertEqual(self.file.read_text(), "mine")


class Systemd(unittest.TestCase):
    UNITS = {"mlbilling-bot@.service": "mlbilling-bot@8081.service",
             "mlbilling-worker@.service": "mlbilling-worker@8082.service",
             "mlbilling-backup.service": "mlbilling-backup.service",
             "mlbilling-migrate.service": "mlbilling-migrate.service",
             "mlbilling-backup.timer": "mlbilling-backup.timer"}

    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze here")
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for source, name in self.UNITS.items():
            # The binary need not be installed here.
            text = (DEPLOY / "systemd" / source).read_text().replace("/usr/local/bin/mlbilling", "/bin/true")
            (pathlib.Path(self.folder.name) / name).write_text(text)

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words], cwd=self.folder.name, capture_output=True, text=True)

    def test_systemd_understands_every_unit(self):
        done = self.analyze("verify", *(f"./{name}" for name in self.UNITS.values()))
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_every_service_is_confined(self):
        for name in self.UNITS.values():
            if name.endswith(".service"):
                done = self.analyze("security", "--offline=true", f"./{name}")
                exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
                self.assertIsNotNone(exposure, done.stdout + done.stderr)
                self.assertLessEqual(float(exposure.group(1)), WORST_EXPOSURE, name)

    def test_each_service_is_handed_only_the_secrets_that_it_needs(self):
        for source in self.UNITS:
            text = (DEPLOY / "systemd" / source).read_text()
            handed = dict(re.findall(r"^LoadCredential=(\w+):/etc/mlbilling/credentials/(\w+)$", text, re.MULTILINE))
            named = re.findall(r"^Environment=(\w+)_FILE=%d/(\w+)$", text, re.MULTILINE)
            self.assertEqual(sorted(handed), sorted(secret for _, secret in named), source)
            self.assertTrue(all(name.lower() == secret for name, secret in named), source)
            if "backup.service" in source or "migrate" in source:
                self.assertEqual(handed, {"database_url": "owner_database_url"})
            else:
                self.assertNotIn("owner_database_url", handed.values())

    def test_the_units_let_decoders_be_caged_and_outlive_one_that_is_taken_for_its_memory(self):
        for source in self.UNITS:
            # A migration starts no decoder.
            if source.endswith(".service") and "migrate" not in source:
                text = (DEPLOY / "systemd" / source).read_text()
                # systemd 252 does not count them among what services need.
                for call in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"):
                    self.assertRegex(text, rf"(?m)^SystemCallFilter=[a-z_ ]*\b{call}\b", source)
                self.assertIn("\nOOMPolicy=continue\n", text, source)

    def test_a_process_is_given_more_time_than_it_takes_to_drain(self):
        for source in ("mlbilling-bot@.service", "mlbilling-worker@.service"):
            text = (DEPLOY / "systemd" / source).read_text()
            self.assertGreater(int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE).group(1)),
                               SHUTDOWN_TIMEOUT_S)


class Dashboards(unittest.TestCase):
    def test_each_is_one_that_grafana_loads_by_itself(self):
        names = set()
        for file in (DEPLOY / "grafana" / "dashboards").glob("*.json"):
            dashboard = json.loads(file.read_text())
            names.add(dashboard["uid"])
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)), file)
            for panel in dashboard["panels"]:
                self.assertEqual(panel["datasource"]["uid"], "prometheus", file)
                self.assertLessEqual(panel["gridPos"]["x"] + panel["gridPos"]["w"], 24, file)
        self.assertLessEqual({"mlbilling-tasks", "mlbilling-money", "mlbilling-queues", "mlbilling-errors"}, names)

    def test_the_datasource_has_the_name_that_the_dashboards_use(self):
        sources = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())
        self.assertEqual([source["uid"] for source in sources["datasources"]], ["prometheus"])


if __name__ == "__main__":
    unittest.main()
