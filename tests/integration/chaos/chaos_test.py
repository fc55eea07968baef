#!/usr/bin/env python3
"""The production set under kill -9 of everything, for a number of rounds.

Starts PostgreSQL, RabbitMQ, two bots, three workers, the Telegram sandbox and the stand-in for Yandex. While
users send texts and voice messages, each round breaks one thing at random (nemesis.py). Then everything runs
again undisturbed, and the books, and what every user was sent, are judged (verdict.py).

usage: chaos_test.py <mlbilling binary> <provider_standin binary> [rounds] [seed]
Prints the seed and the figures. KEEP=DIRECTORY keeps the logs there.
"""

import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "tools")]
from crowd import Crowd
from nemesis import Nemesis
from production_set import ProductionSet
from verdict import judge

BOTS = 2
WORKERS = 3
USERS = 8
QUIET_SECONDS = 300


def run(production, rounds, dice):
    crowd = Crowd(production.sandbox_address(), USERS, dice, production.directory)
    nemesis = Nemesis(production, dice)
    for _ in range(rounds):
        crowd.write_for(dice.uniform(0.5, 2.5))
        nemesis.strike()
        production.require_the_others_alive()
        crowd.write_for(dice.uniform(0.2, 1.5))
        nemesis.mend()
    left = crowd.wait_until_answered(QUIET_SECONDS)
    problems = judge(production, crowd, nemesis, left)
    ends = production.drain()
    problems += [f"{name} drained with exit code {code}" for name, code in ends.items() if code != 0]
    return problems


def main():
    mlbilling, standin = (os.path.abspath(path) for path in sys.argv[1:3])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}, {rounds} rounds", flush=True)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="mlbilling-chaos-", dir="/var/tmp"))
    production = ProductionSet(mlbilling, standin, directory)
    begun = time.monotonic()
    try:
        production.start(bots=BOTS, workers=WORKERS)
        problems = run(production, rounds, random.Random(seed))
    finally:
        production.stop()
        if "KEEP" in os.environ:
            shutil.copytree(directory / "logs", os.environ["KEEP"], dirs_exist_ok=True)
        shutil.rmtree(directory, ignore_errors=True)
    for problem in problems:
        print("PROBLEM", problem)
    print(f"seed {seed}: {len(problems)} problems in {time.monotonic() - begun:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
