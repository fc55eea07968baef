#!/usr/bin/env python3
"""Measures the production set on one machine, all parts real, with the defaults of PostgreSQL and RabbitMQ,
against a scripted Telegram and the stand-in for Yandex, under loads as people send them:

mixed     50 tasks a second, 60 % texts and 40 % voice messages of 3 to 15 s
voice     the same of voice messages only
text      the same of texts only
burst     2,000 users at once, mixed
peak      texts as fast as they are answered, and a provider without latency
recovery  after kill -9 of each part, how long it takes until tasks are answered again

The provider's latency is lognormal with a median of 300 ms (sigma 0.5), the peak and recovery apart; what is
reported is the time from a message to its answer without it. CPU seconds are those of the process and its children.
`outside` is what the script and the stand-in use of the same machine.

With --against the binaries of two builds are measured in turns, each in a set made anew, by the script and the
stand-in of the first; printed are the medians, and the median of the ratios.

Run it on an idle machine, with a release build that has the tests' programs (see README.md, Figures). An ext4
without a journal passes over what was deleted in the last minutes, which doubles the worker's CPU time when it runs
right after another run: give /var/tmp its own groups by `chattr +T`, or wait.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "integration" / "chaos")]
import loads
from measured_set import MeasuredSet


def measured(build, arguments):
    """Figures by load."""
    names = loads.NAMES if arguments.load == "all" else [arguments.load]
    figures = {}
    with tempfile.TemporaryDirectory(prefix="mlbilling-stack-", dir="/var/tmp") as directory:
        production = MeasuredSet(build / "mlbilling", arguments.build, pathlib.Path(directory))
        try:
            production.start(bots=1, workers=1)
            memory = {f"{part} after the start, MB": size for part, size in production.memory_mb().items()}
            loads.warm_up(production)
            for name in names:
                if name == "recovery":
                    figures[name] = loads.recovery(production)
                else:
                    plan = loads.plan_of(name, arguments.seconds, arguments.tasks)
                    figures[name] = loads.measure(production, plan)
            memory |= {f"{part} at the end, MB": size for part, size in production.memory_mb().items()}
        finally:
            production.stop()
    return figures | {"memory": memory}


def show(figures):
    for load, values in figures.items():
        print(load)
        for name, value in values.items():
            print(f"  {name:<34} {value:10.3f}")


def in_turns(arguments):
    """The figures of each run, by build."""
    runs = {"first": [], "second": []}
    for pair in range(arguments.pairs):
        turn = [("first", arguments.build), ("second", arguments.against)]
        # Neither is always the one that runs on what the other left.
        for side, build in turn if pair % 2 == 0 else reversed(turn):
            runs[side].append(measured(build, arguments))
            print(f"pair {pair + 1} of {arguments.pairs}: the {side} build measured", file=sys.stderr, flush=True)
    return runs


def show_ratios(runs):
    print(f"{'':<36} {'first':>10} {'second':>10} {'ratio':>8}   medians of {len(runs['first'])} pairs")
    for load, values in runs["first"][0].items():
        print(load)
        for name in values:
            pairs = [(first[load][name], second[load][name])
                     for first, second in zip(runs["first"], runs["second"])
                     if name in first[load] and name in second[load]]
            if not pairs:
                continue
            first, second = (statistics.median(side) for side in zip(*pairs))
            ratios = [one / other for one, other in pairs if other]
            ratio = f"{statistics.median(ratios):8.3f}" if ratios else ""
            print(f"  {name:<34} {first:10.3f} {second:10.3f} {ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="directory of the build")
    parser.add_argument("--load", choices=[*loads.NAMES, "recovery", "all"], default="all",
                        help="all: every load but recovery")
    parser.add_argument("--seconds", type=int, default=30, help="of the loads at 50 tasks a second (30)")
    parser.add_argument("--tasks", type=int, default=20_000, help="at the peak (20,000)")
    parser.add_argument("--against", type=pathlib.Path, help="directory of another build; only its binary is used")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each build with --against (5)")
    parser.add_argument("--json", type=pathlib.Path, help="file for the figures of every run")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    if arguments.against:
        arguments.against = arguments.against.resolve()
        figures = in_turns(arguments)
        show_ratios(figures)
    else:
        figures = measured(arguments.build, arguments)
        show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
