"""The database of a running installation is lost and comes back from its backup."""

import pathlib

TABLES = """SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"""


def rows(postgres):
    """How many rows each table has."""
    tables = postgres.psql(TABLES, database="mlbilling").splitlines()
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    return dict(line.split("|") for line in postgres.psql(counts, database="mlbilling").splitlines())


def backup_of(installation, folder):
    """Makes a backup as the owner and returns its file."""
    installation.command("admin", "backup", "--directory", str(folder), **installation.as_owner())
    return max(pathlib.Path(folder).glob("mlbilling-*.dump"))


def lose(postgres):
    postgres.psql("DROP DATABASE mlbilling WITH (FORCE)")
    postgres.psql("CREATE DATABASE mlbilling OWNER mlbilling_owner")
    postgres.psql("GRANT CONNECT ON DATABASE mlbilling TO mlbilling")


def refused(installation, file):
    """What `admin restore` says when it does not do it."""
    done = installation.run("admin", "restore", str(file), **installation.as_owner())
    if done.returncode != 1 or done.stderr.count("\n") != 1:
        raise SystemExit(f"restore was not refused in one line: {done.returncode} {done.stdout} {done.stderr}")
    return done.stderr


def lose_and_restore(installation, folder, say):
    """Proves by the ledger's invariants and by the rows of each table that nothing is missing."""
    ends = installation.stop_processes()
    if any(ends.values()):
        raise SystemExit(f"not drained: {ends}")
    file = backup_of(installation, folder)
    # The backup is noted when it is there, so its own note is not in it.
    expected = rows(installation.postgres)
    expected["backups"] = str(int(expected["backups"]) - 1)
    if " tables" not in refused(installation, file):
        raise SystemExit("a database in use was refused for another reason than what is in it")
    lose(installation.postgres)
    half = pathlib.Path(folder) / "half.dump"
    half.write_bytes(file.read_bytes()[:file.stat().st_size // 2])
    refused(installation, half)
    said = installation.command("admin", "restore", str(file), **installation.as_owner())
    if "the ledger is in order" not in said:
        raise SystemExit(f"restored, but: {said}")
    found = rows(installation.postgres)
    if found != expected:
        raise SystemExit(f"rows differ: {expected} was backed up, {found} came back")
    installation.command("admin", "ledger", "verify")
    say(f"the database was lost and came back: {found['tasks']} tasks, {found['transactions']} transactions")
