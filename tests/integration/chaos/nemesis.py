"""Breaks one thing at a time, at random, and mends it."""

import signal
import time
from collections import Counter

TELEGRAM_FAULTS = ({"kind": "429", "retry_after": 1}, {"kind": "500"}, {"kind": "drop_before"}, {"kind": "502html"})
PROVIDER_FAULTS = ("429", "500", "503", "slow", "dropped", "dropped_after", "truncated", "error_line",
                   "empty")


class Nemesis:
    def __init__(self, production, dice):
        self.production = production
        self.dice = dice
        self.strikes = Counter()
        self.unmended = []
        self.kinds = {
            self.kill_a_bot: 4, self.kill_a_worker: 6, self.kill_all_workers: 1, self.pause_a_worker: 2,
            self.kill_postgres: 2, self.cut_database_connections: 2, self.kill_rabbitmq: 1,
            self.cut_broker_connections: 2, self.delete_the_queue: 1, self.wipe_rabbitmq: 1,
            self.provider_fails: 4, self.telegram_fails: 3,
        }

    def strike(self):
        kind = self.dice.choices(list(self.kinds), weights=list(self.kinds.values()))[0]
        self.strikes[kind.__name__] += 1
        kind()

    def mend(self):
        while self.unmended:
            self.unmended.pop()()

    def crashes(self):
        """After which a message that had been sent may have been sent once more."""
        return sum(count for name, count in self.strikes.items()
                   if name.startswith(("kill_a_bot", "kill_postgres", "cut_database")))

    def kill_a_bot(self):
        self._kill("bot", self.dice.randrange(len(self.production.bots)))

    def kill_a_worker(self):
        self._kill("worker", self.dice.randrange(len(self.production.workers)))

    def kill_all_workers(self):
        for index in range(len(self.production.workers)):
            self._kill("worker", index)

    def _kill(self, kind, index):
        self.production.kill(kind, index)
        self.unmended.append(lambda: self.production.start_again(kind, index))

    def pause_a_worker(self):
        """Longer than its lease: it wakes up as a zombie whose tasks are another's."""
        process = self.dice.choice(self.production.workers)[1].process
        process.send_signal(signal.SIGSTOP)
        time.sleep(self.dice.uniform(3.5, 5.0))
        process.send_signal(signal.SIGCONT)

    def kill_postgres(self):
        self.production.kill_postgres()
        self.unmended.append(self.production.start_postgres)

    def cut_database_connections(self):
        self.production.cut_database_connections()

    def kill_rabbitmq(self):
        self.production.kill_rabbitmq()
        self.unmended.append(self.production.start_rabbitmq)

    def cut_broker_connections(self):
        self.production.rabbitmqctl("close_all_connections", "chaos")

    def delete_the_queue(self):
        self.production.rabbitmqctl("delete_queue", "tasks")

    def wipe_rabbitmq(self):
        """All queues and messages are gone; the user that the clients log in as is made again at the start."""
        for step in (("stop_app",), ("force_reset",), ("start_app",)):
            self.production.rabbitmqctl(*step)

    def provider_fails(self):
        fault = {"endpoint": "*", "kind": self.dice.choice(PROVIDER_FAULTS), "count": self.dice.randrange(1, 8)}
        self.production.provider("POST", "/control/faults", fault | {"delay_ms": 2_000})

    def telegram_fails(self):
        method = self.dice.choice(("sendVoice", "sendMessage", "getUpdates"))
        self.production.telegram_fault(self.dice.choice(TELEGRAM_FAULTS) | {"method": method})
