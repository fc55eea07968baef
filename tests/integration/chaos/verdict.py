"""What must be true when the storm is over (issue: every accepted task ended, none charged twice, no balance off
by a credit, every user answered)."""

from collections import Counter

from production_set import START_BALANCE


def judge(production, crowd, nemesis, left):
    problems = [f"never answered: {one}" for one in left[:10]]
    problems += books(production)
    problems += tasks(production, crowd)
    problems += duplicates(crowd)
    report(production, crowd, nemesis)
    return problems


def query(production, sql):
    lines = production.postgres.psql(sql, database="mlbilling").splitlines()
    return [line.split("|") for line in lines if line]


def books(production):
    problems = []
    try:
        production.command("admin", "ledger", "verify")
    except Exception as broken:  # the command's own words say which promise
        problems.append(f"ledger verify: {broken}")
    for what, sql in {
        "a task that has not ended": "SELECT id, status FROM tasks WHERE finished_at IS NULL",
        "a task that was charged twice":
            "SELECT task_id, count(*) FROM transactions WHERE type = 'charge' GROUP BY 1 HAVING count(*) > 1",
        "a balance that is not the sum of its transactions":
            "SELECT b.user_id FROM balances b WHERE b.balance <> "
            "(SELECT coalesce(sum(amount), 0) FROM transactions t WHERE t.user_id = b.user_id)",
        "credits that stay held": "SELECT user_id, held FROM balances WHERE held <> 0",
        "a charge that is not what the task cost":
            "SELECT t.id, t.cost, x.amount FROM tasks t "
            "LEFT JOIN transactions x ON x.task_id = t.id AND x.type = 'charge' "
            "WHERE t.cost <> coalesce(-x.amount, 0)",
        "a task that failed and was charged":
            "SELECT id, status, cost FROM tasks WHERE status <> 'completed' AND cost <> 0",
    }.items():
        problems += [f"{what}: {row}" for row in query(production, sql)[:5]]
    spent = query(production, f"SELECT coalesce(sum({START_BALANCE} - balance), 0) FROM balances")[0][0]
    cost = query(production, "SELECT coalesce(sum(cost), 0) FROM tasks")[0][0]
    if spent != cost:
        problems.append(f"balances fell by {spent}, tasks cost {cost}")
    return problems


def tasks(production, crowd):
    """Every message that asks for work became the one task that is named after it."""
    known = {row[0]: row[1] for row in query(production, "SELECT id, status FROM tasks")}
    wanted = [f"{one['chat']}_{one['message']}" for one in crowd.sent if one["kind"] != "command"]
    problems = [f"lost: {task}" for task in wanted if task not in known][:10]
    strange = set(known) - set(wanted)
    problems += [f"a task that nobody asked for: {task}" for task in sorted(strange)[:10]]
    completed = sum(known.get(task) == "completed" for task in wanted)
    if completed * 2 < len(wanted):
        problems.append(f"only {completed} of {len(wanted)} tasks were completed: this proves too little")
    return problems


def duplicates(crowd):
    """A crash between send and mark repeats a message at most once."""
    return [f"answered {count} times: {key}" for key, count in crowd.answers().items() if count > 2][:10]


def report(production, crowd, nemesis):
    ends = Counter({row[0]: int(row[1]) for row in query(production, "SELECT status, count(*) FROM tasks GROUP BY 1")})
    repeated = sum(count - 1 for count in crowd.answers().values() if count > 1)
    unknown = query(production, "SELECT count(*) FROM deliveries WHERE state = 'unknown'")[0][0]
    charged = query(production, "SELECT coalesce(sum(-amount), 0) FROM transactions WHERE type = 'charge'")[0][0]
    print("strikes: " + ", ".join(f"{name} {count}" for name, count in sorted(nemesis.strikes.items())))
    print(f"{len(crowd.sent)} messages, {sum(ends.values())} tasks ("
          + ", ".join(f"{count} {status}" for status, count in sorted(ends.items()))
          + f"), {charged} credits charged, {repeated} messages repeated after {nemesis.crashes()} crashes, "
          f"{unknown} answers that may not have arrived")
