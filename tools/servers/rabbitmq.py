"""A private RabbitMQ with its Prometheus plugin, on ports and under names of its own."""

import os
import pathlib
import secrets
import shutil
import subprocess

from servers.child import Child, NotStarted
from servers.ports import accepts, free_port

# Debian's, or another version's.
SCRIPTS = pathlib.Path(os.environ.get("RABBITMQ_PROGRAMS", "/usr/lib/rabbitmq/bin"))
NODE = "mlbilling@localhost"
SETTINGS = """
listeners.tcp.1 = 127.0.0.1:{port}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {metrics_port}
default_user = mlbilling
default_pass = {password}
loopback_users = none
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 100MB
consumer_timeout = 14400000
log.console = true
log.console.level = warning
log.file = false
"""


class RabbitMq:
    """Kept in `directory`; made there at the first start, with a random password."""

    def __init__(self, directory, port=None):
        self.directory = pathlib.Path(directory)
        self.port = port or free_port()
        self.metrics_port = free_port()
        self.distribution_port = free_port()
        self.mapper_port = free_port()
        self.mapper = None
        self.child = None

    def start(self):
        if not SCRIPTS.exists():
            raise NotStarted("RabbitMQ is not installed; run: tools/install-dependencies production")
        for folder in ("home", "log", "mnesia"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        # Erlang starts its port mapper as a daemon that would outlive us; it uses ours when there is one.
        self.mapper = Child("epmd", [self._mapper_program(), "-port", str(self.mapper_port), "-address", "127.0.0.1"],
                            self.directory / "epmd.log")
        self.mapper.wait_until(lambda: accepts(self.mapper_port), 30, "listening")
        self.child = Child("rabbitmq", [str(SCRIPTS / "rabbitmq-server")], self.directory / "rabbitmq.log",
                           environment=self._environment())
        self.child.wait_until(lambda: accepts(self.port) and accepts(self.metrics_port), 120, "listening")

    def url(self):
        return f"amqp://mlbilling:{self._secret('password')}@127.0.0.1:{self.port}/"

    def metrics_address(self):
        return f"127.0.0.1:{self.metrics_port}"

    def stop(self):
        for child in (self.child, self.mapper):
            if child:
                child.stop()

    def control(self, *words):
        """Runs rabbitmqctl against the node; what subprocess.run answers."""
        return subprocess.run([str(SCRIPTS / "rabbitmqctl"), "-q", "-n", NODE, *words], env=self._environment(),
                              capture_output=True, text=True, timeout=120)

    def _write_configuration(self):
        path = self.directory / "rabbitmq.conf"
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            out.write(SETTINGS.format(port=self.port, metrics_port=self.metrics_port,
                                      password=self._secret("password")))
        (self.directory / "enabled_plugins").write_text("[rabbitmq_prometheus].\n")
        cookie = self.directory / "home" / ".erlang.cookie"
        if not cookie.exists():
            shutil.copy(self._secret_file("cookie"), cookie)
            cookie.chmod(0o400)

    def _secret_file(self, name):
        path = self.directory / name
        if not path.exists():
            # The address may be asked for before the start.
            self.directory.mkdir(parents=True, exist_ok=True)
            with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
                out.write(secrets.token_hex(24))
        return path

    def _secret(self, name):
        return self._secret_file(name).read_text()

    def _environment(self):
        """Of the node, and of rabbitmqctl that is to reach it."""
        root = self.directory
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_BASE": str(root),
            "RABBITMQ_MNESIA_BASE": str(root / "mnesia"),
            "RABBITMQ_LOG_BASE": str(root / "log"),
            "RABBITMQ_CONFIG_FILE": str(root / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(root / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(root / "pid"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            # Makes the script become the server instead of its parent, so that signals reach it.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
        }

    @staticmethod
    def _mapper_program():
        program = shutil.which("epmd")
        if not program:
            raise NotStarted("Erlang's epmd is not installed; run: tools/install-dependencies production")
        return program
