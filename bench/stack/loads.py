"""The loads of measure_stack.py, and what is measured under each."""

import time

RATE = 50
USERS = 1_000
CROWD = 2_000

VOICES = {"mixed": 40, "voice": 100, "text": 0}
NAMES = [*VOICES, "burst", "peak"]


def plan_of(load, seconds, tasks):
    """As MeasuredSet.play() has it."""
    if load in VOICES:
        return {"tasks": RATE * seconds, "users": USERS, "rate": RATE, "voices": VOICES[load], "latency": True}
    if load == "burst":
        return {"tasks": CROWD, "users": CROWD, "outstanding": CROWD, "voices": VOICES["mixed"], "latency": True}
    return {"tasks": tasks, "users": USERS}


def measure(production, plan):
    """The figures by name. Latency is what the service adds to the provider's own."""
    before = production.cpu_seconds()
    production.play(**plan)
    # What plays Telegram has begun anew.
    before["outside"] = production.cpu_seconds()["outside"]
    report = production.wait_until_finished(120 + 10 * plan["tasks"] // RATE)
    if report["all"]["min_ms"] < 0:
        raise SystemExit(f"an answer came before the provider can have given it: {report}")
    tasks = plan["tasks"]
    used = {part: (seconds - before[part]) * 1000 / tasks for part, seconds in production.cpu_seconds().items()}
    figures = {"tasks per second": tasks / report["seconds"]}
    for kind, name in (("all", "added"), ("texts", "added to texts"), ("voices", "added to voices")):
        if kind == "all" or report[kind]["count"] not in (0, tasks):
            figures |= {f"{name}, p50 ms": report[kind]["p50_ms"], f"{name}, p99 ms": report[kind]["p99_ms"]}
    figures |= {f"CPU s per 1000, {part}": seconds for part, seconds in used.items()}
    figures["CPU s per 1000, bot + worker"] = used["bot"] + used["worker"]
    figures["CPU s per 1000, all four"] = sum(used.values()) - used["outside"]
    if report["repeated"]:
        figures["answered twice"] = report["repeated"]
    return figures


def warm_up(production):
    """Everybody is registered, and every code path has run."""
    production.play(tasks=CROWD, users=CROWD)
    production.wait_until_finished(600)
    production.play(tasks=RATE, users=USERS, voices=VOICES["mixed"])
    production.wait_until_finished(600)


def recovery(production):
    """From kill -9 of a part, started again at once, to the next answer; what of it the start of a server took."""
    parts = {
        "bot": (lambda: production.kill("bot", 0), lambda: production.start_again("bot", 0)),
        "worker": (lambda: production.kill("worker", 0), lambda: production.start_again("worker", 0)),
        "postgres": (production.kill_postgres, production.start_postgres),
        "rabbitmq": (production.kill_rabbitmq, production.start_rabbitmq),
    }
    figures = {}
    for part, (kill, start) in parts.items():
        production.play(tasks=1_000_000, users=USERS, rate=RATE)
        time.sleep(3)
        kill()
        killed = time.monotonic()
        start()
        figures[f"{part} started, s"] = time.monotonic() - killed
        answered = production.report()["answered"]
        while production.report()["answered"] <= answered + RATE // 10:
            time.sleep(0.01)
        figures[f"{part} killed, answers again, s"] = time.monotonic() - killed
    return figures
