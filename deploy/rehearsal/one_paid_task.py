#!/usr/bin/python3
"""Anna writes a text of twenty characters through the sandbox and hears it; that costs two credits.

usage: one_paid_task.py <address of the sandbox>
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from servers.people import People

people = People(sys.argv[1])
people.say(people.people[0], "Go ten metres ahead.")
people.wait_for_voices(1, 90)
print("Anna has heard her text")
