# diagnosis - what an explanation concludes, a line per cause: for comparing two of them.
import json
import sys

explained = json.load(sys.stdin)
for d in explained["diagnosis"]:
    print(d["cause"], d["certainty"], d["stage"], "|".join(d["because"]), "|".join(d["also_possible"]))
print("next:", *explained["next_blockers"])
print("apart:", *(t["test"] for t in explained["tell_apart"]))
