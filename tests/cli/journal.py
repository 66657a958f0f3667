"""journal.py - for t-cli-audit-journal: what is in a journal, and what spoils one.

	journal.py keys FILE		line and key of each record
	journal.py sql FILE STATEMENT	run it, which rewrites the file
	journal.py locked FILE COMMAND...	run COMMAND while the file is locked
	journal.py kill SEED TIMES COMMAND...	start it so often, and kill each after 0 to 80 ms
"""
import random
import sqlite3
import subprocess
import sys

what, name = sys.argv[1:3]
if what == "keys":
    for row in sqlite3.connect(name).execute("SELECT line, key FROM record ORDER BY line"):
        print(*row)
elif what == "sql":
    with sqlite3.connect(name) as db:
        db.executescript(sys.argv[3])
elif what == "locked":
    db = sqlite3.connect(name)
    db.execute("BEGIN EXCLUSIVE")
    sys.exit(subprocess.call(sys.argv[3:]))
elif what == "kill":
    rng = random.Random(int(name))
    for _ in range(int(sys.argv[3])):
        p = subprocess.Popen(sys.argv[4:], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        try:
            p.wait(timeout=rng.uniform(0, 0.08))
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
