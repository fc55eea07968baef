"""A private PostgreSQL with the database and the roles of deploy/postgres/roles.sql."""

import glob
import os
import pathlib
import secrets
import shutil
import signal
import subprocess

from servers.child import Child, NotStarted
from servers.ports import free_port

ROLES = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sql"
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
log_min_messages = warning
"""


def newest_binaries():
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    if not found:
        raise NotStarted("PostgreSQL is not installed; run: tools/install-dependencies production")
    return pathlib.Path(max(found, key=lambda path: int(path.split("/")[4]))).parent


class Postgres:
    """Kept in `directory`; made there at the first start, with random passwords beside it."""

    def __init__(self, directory, port=None):
        self.directory = pathlib.Path(directory)
        self.port = port or free_port()
        self.binaries = newest_binaries()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.data = self.directory / "data"
        self.child = None
        self.passwords = {}

    def start(self):
        self._make_directory()
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._initialise()
        self._read_passwords()
        self.child = Child("postgres", [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)],
                           self.directory / "postgres.log", directory="/", user=self.user)
        self.child.wait_until(self._ready, 60, "ready")
        if not (self.directory / "roles-made").exists():
            self.psql(ROLES.read_text(), OWNER_PASSWORD=self.passwords["mlbilling_owner"],
                      SERVICE_PASSWORD=self.passwords["mlbilling"],
                      MONITOR_PASSWORD=self.passwords["mlbilling_monitor"])
            (self.directory / "roles-made").touch()

    def url(self, role="mlbilling", database="mlbilling"):
        return f"postgresql://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    def psql(self, sql, database="postgres", role="postgres", **variables):
        """Runs SQL, by default as the superuser; its answer, unaligned and without headings."""
        environment = {**os.environ, **variables, "PGPASSWORD": self.passwords[role]}
        done = subprocess.run(
            [self.binaries / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", role, "-d", database], input=sql, env=environment, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise NotStarted(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop(self):
        if self.child:
            # SIGINT: fast shutdown, which does not wait for clients.
            self.child.stop(first=signal.SIGINT)

    def _make_directory(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.user:
            shutil.chown(self.directory, self.user, self.user)
            self._run("test", "-w", str(self.directory), failure=(
                f"the user {self.user} cannot reach {self.directory}; choose a directory below one "
                "that everybody may enter, or do not run this as root"))

    def _initialise(self):
        names = ("postgres", "mlbilling_owner", "mlbilling", "mlbilling_monitor")
        file = self.directory / "passwords"
        with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            out.writelines(f"{name} {secrets.token_hex(24)}\n" for name in names)
        self._read_passwords()
        first = self.directory / "first-password"
        with open(os.open(first, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            out.write(self.passwords["postgres"])
        if self.user:
            shutil.chown(first, self.user)
        self._run(str(self.binaries / "initdb"), "-D", str(self.data), "-A", "scram-sha-256", "-U", "postgres",
                  f"--pwfile={first}", "-E", "UTF8", "--locale=C.UTF-8", "-k", "--no-instructions",
                  failure="initdb failed")
        first.unlink()
        with open(self.data / "postgresql.conf", "a") as out:
            out.write(SETTINGS)

    def _read_passwords(self):
        lines = (self.directory / "passwords").read_text().splitlines()
        self.passwords = dict(line.split() for line in lines)

    def _run(self, *arguments, failure):
        as_user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        done = subprocess.run([*as_user, *arguments], cwd="/", capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise NotStarted(f"{failure} {done.stderr.strip()}".strip())

    def _ready(self):
        environment = {**os.environ, "PGPASSWORD": self.passwords["postgres"]}
        return subprocess.run([self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                              env=environment).returncode == 0
