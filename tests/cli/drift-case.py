#!/usr/bin/env python3
"""drift-case.py SEVERITY ROW: does the comparison on standard input say this of its one target?"""
import json
import sys

severity, row = sys.argv[1:]
report = json.load(sys.stdin)
if len(report["targets"]) != 1:
    sys.exit("not one target: " + ", ".join(t["target"] for t in report["targets"]))
target = report["targets"][0]
said = [(c["severity"], c["row"] or c["name"])
        for how in ("added", "removed", "changed") for c in target[how] if not c["under"]]
if target["severity"] != severity:
    sys.exit(f"the gravest is {target['severity']}: {said}")
if report["regression"] != (severity == "regression"):
    sys.exit(f"regression is {report['regression']}")
if row != "-" and (severity, row) not in said:
    sys.exit(f"not said: {said}")
