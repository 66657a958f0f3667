#!/usr/bin/env python3
"""Public test suites of SPF (YAML) in the form that tests/unit/t-spf reads.

    spf-suites.py DEVIATIONS FILE...

Two schemas: that of the openspf suite (zonedata and tests, as mappings) and that of mail-auth (records and tests as lists
of lines). DEVIATIONS is tests/data/spf-deviations.tsv: where we answer otherwise, and why.
Exit status 3: Python's YAML reader is not there.
"""
import sys
from ipaddress import ip_address
from os.path import basename

try:
    import yaml
except ImportError:
    sys.exit(3)


class Lines(yaml.SafeLoader):
    """Keeps repeated keys: a mapping becomes a list of pairs."""


def pairs(loader, node):
    return [(loader.construct_object(k, True), loader.construct_object(v, True)) for k, v in node.value]


Lines.add_constructor("tag:yaml.org,2002:map", pairs)
# Everything else is text: addresses like 1::2 must not become numbers of base 60.
for tag in ("int", "float", "bool", "timestamp"):
    Lines.add_constructor("tag:yaml.org,2002:" + tag, lambda loader, node: loader.construct_scalar(node))


def cell(text):
    raw = text if isinstance(text, bytes) else text.encode("latin-1", "replace")
    return "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02x" % b for b in raw)


def plain(text):
    return text if text else "-"


def deviations(path):
    known = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("#") or line.startswith("suite\t"):
                continue
            suite, case, theirs, ours, _ = line.rstrip("\n").split("\t")
            known[suite, case] = theirs, ours
    return known


class Out:
    def __init__(self, known):
        self.known = known
        self.used = set()

    def case(self, suite, name, ip, helo, mail, results, explanation, more=""):
        theirs, ours = self.known.get((suite, name), (None, None))
        if theirs:
            if theirs != ",".join(results):
                sys.exit("spf-suites.py: %s, %s: the suite says %s now" % (suite, name, ",".join(results)))
            self.used.add((suite, name))
            results = [ours]
        print("case", name, ip, plain(helo), plain(mail), ",".join(results), plain(explanation), more or "-", sep="\t")


def zone(name, kind, value=""):
    print("zone", name, kind, plain(value), sep="\t")


def text_of(value):
    return "".join(value) if isinstance(value, list) else (value or "")


def openspf_zone(data):
    for name, entries in data or []:
        entries = [dict(e) if isinstance(e, list) else {e: ""} for e in entries]
        has_txt = any("TXT" in e for e in entries)
        zone(name, "EXISTS")
        for entry in entries:
            for kind, value in entry.items():
                if kind == "SPF" and not has_txt:
                    zone(name, "TXT", cell(text_of(value)))
                elif kind == "TXT" and value != "NONE":
                    zone(name, "TXT", cell(text_of(value)))
                elif kind == "MX":
                    zone(name, "MX", "%s %s" % (value[0], value[1]))
                elif kind in ("A", "AAAA", "PTR"):
                    zone(name, kind, value)
                elif kind == "CNAME" and value:
                    zone(name, kind, value)
                elif kind in ("TIMEOUT", "SERVFAIL"):
                    zone(name, kind)


def openspf(out, suite, number, document):
    scenario = dict(document)
    print("scenario", "%s %d" % (suite, number), sep="\t")
    openspf_zone(scenario.get("zonedata"))
    for name, test in scenario["tests"]:
        test = dict(test)
        results = test["result"] if isinstance(test["result"], list) else [test["result"]]
        out.case(suite, name, test["host"], test.get("helo"), test.get("mailfrom"), results, test.get("explanation"))


def mailauth_zone(records):
    hosts = 0
    for kind, name, value in records:
        if kind in ("spf", "exp"):
            zone(name, "TXT", cell(value))
        elif kind in ("a", "aaaa"):
            for address in value.split(","):
                zone(name, "AAAA" if ":" in address else "A", address.strip())
        elif kind == "mx":
            # Addresses stand where names do: each gets a host of its own.
            for address in value.split(","):
                host = "mx%d.hosts.test" % hosts
                hosts += 1
                zone(name, "MX", "10 " + host)
                zone(host, "AAAA" if ":" in address else "A", address.strip())
        elif kind == "ptr":
            for target in value.split(","):
                zone(ip_address(name).reverse_pointer, "PTR", target.strip())
    # Names that begin so cannot be looked up.
    for parent in ("org", "test.org"):
        zone("_dns_error." + parent, "SERVFAIL")


def mailauth_record(records, kind, line):
    name, _, value = line.strip().partition(" ")
    return [r for r in records if r[:2] != (kind, name)] + [(kind, name, value.strip())]


def mailauth(out, suite, number, document):
    """The keys of a test count in their order, those of the tests before as well; expect asks."""
    scenario = dict(document)
    records = []
    for kind, line in scenario.get("records") or []:
        name, _, value = line.strip().partition(" ")
        records.append((kind, name, value.strip()))
    state = {"sender": ""}
    count = 0
    written = None
    for test in scenario["tests"]:
        for key, value in test:
            if key in ("spf", "a", "aaaa", "mx", "ptr", "exp"):
                records = mailauth_record(records, key, value)
            elif key != "expect":
                state[key] = value or ""
            else:
                count += 1
                if written != records:
                    print("scenario", "%s %d" % (suite, number), sep="\t")
                    mailauth_zone(records)
                    written = records
                result, _, explanation = value.strip().partition(" ")
                out.case(suite, "%d.%d" % (number, count), state["ip"], state["domain"], state["sender"], [result],
                         explanation, "helo-first")


def main():
    out = Out(deviations(sys.argv[1]))
    for path in sys.argv[2:]:
        suite = ("stalwart/" if "/stalwart/" in path else "") + basename(path)
        with open(path, encoding="utf-8") as f:
            for number, document in enumerate(yaml.load_all(f, Lines), 1):
                if document:
                    (mailauth if "expect" in str(document) and "/stalwart/" in path else openspf)(out, suite, number, document)
        left = [case for s, case in out.known if s == suite and (s, case) not in out.used]
        if left:
            sys.exit("spf-suites.py: %s: no such case: %s" % (suite, ", ".join(left)))


main()
