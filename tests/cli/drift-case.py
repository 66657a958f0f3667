#!/usr/bin/env python3
"""Each line of standard input, FILE SEVERITY ROW with tabs between: does the comparison in the file say this of its one
target? A line for each: "good", or what is wrong."""
import json
import sys


def wrong(report, severity, row):
    if len(report["targets"]) != 1:
        return "not one target: " + ", ".join(t["target"] for t in report["targets"])
    target = report["targets"][0]
    said = [(c["severity"], c["row"] or c["name"])
            for how in ("added", "removed", "changed") for c in target[how] if not c["under"]]
    if target["severity"] != severity:
        return f"the gravest is {target['severity']}: {said}"
    if report["regression"] != (severity == "regression"):
        return f"regression is {report['regression']}"
    if row != "-" and (severity, row) not in said:
        return f"not said: {said}"
    return "good"


for line in sys.stdin:
    name, severity, row = line.rstrip("\n").split("\t")
    with open(name, encoding="utf-8") as f:
        print(wrong(json.load(f), severity, row))
