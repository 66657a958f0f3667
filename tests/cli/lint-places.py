# lint-places - does the line that each error and warning points at hold the key that it names? lint-places.py FILE, of NDJSON, in the folder of the files.
import json, re, sys
bad = []; n = 0
for l in open(sys.argv[1]):
    for f in json.loads(l)["findings"]:
        if f["severity"] == "info" or not f["line"] or not f["key"]:
            continue
        lines = open(f["file"]).read().split("\n")
        last = re.split(r"[.@]", re.sub(r"\[[0-9]+\]$", "", f["key"]))[-1]
        n += 1
        if f["line"] > len(lines) or last.lower() not in lines[f["line"] - 1].lower():
            bad.append((f["file"], f["line"], f["key"]))
assert n > 30, n
assert not bad, bad
