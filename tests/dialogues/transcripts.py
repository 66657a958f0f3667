#!/usr/bin/env python3
"""transcripts - is a transcript in a paste judged as the dialogue was judged live?

	transcripts.py SMTPWHY SCENARIOS EXCEPTIONS [NAME...]

Each scenario is checked against its lab; the transcript of the endpoint in trouble is written as swaks,
PHPMailer, openssl s_client, Nodemailer and `smtpwhy check -v` print it, and explained. The first
cause must be the check's. Where the text lacks what the check saw besides, it must not be certain of
another one, and must name the check's among those in question, or, when nothing in it was refused,
none. EXCEPTIONS has the rest, each with what the text lacks. TAP on standard output.
"""
import concurrent.futures
import json
import os
import subprocess
import sys

CIPHER = "TLSv1.3:TLS_AES_256_GCM_SHA384:256"


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, timeout=120, check=False,
                          stdin=subprocess.DEVNULL if text is None else None)
    return done.returncode, done.stdout


def halves(lines):
    """The lines as (direction, text, in TLS): TLS begins after the answer to STARTTLS."""
    tls = asked = False
    for line in lines:
        text = line["text"]
        yield line["dir"], text, tls
        if line["dir"] == "C":
            asked = text.upper() == "STARTTLS"
        elif asked and text.startswith("220"):
            tls = True


def implicit(port):
    return port == "465"


def swaks(host, port, lines):
    out = [f"=== Trying {host}:{port}...", f"=== Connected to {host}."]
    was = implicit(port)
    if was:
        out.append(f"=== TLS started with cipher {CIPHER}")
    for who, text, tls in halves(lines):
        tls = tls or implicit(port)
        if tls and not was:
            out.append(f"=== TLS started with cipher {CIPHER}")
            was = True
        if who == "S":
            bad = text[:1] in "45"
            mark = {(0, 0): "<- ", (0, 1): "<**", (1, 0): "<~ ", (1, 1): "<~*"}[(int(tls), int(bad))]
            out.append(f"{mark} {text}")
        else:
            out.append((" ~> " if tls else " -> ") + text)
    return out + ["=== Connection closed with remote host."]


def phpmailer(host, port, lines):
    scheme = "ssl://" if implicit(port) else ""
    out = [f"Connection: opening to {scheme}{host}:{port}, timeout=300, options=array()", "Connection: opened"]
    last = None
    for who, text, _ in halves(lines):
        if who == "C":
            out.append("CLIENT -> SERVER: " + text)
        elif last == "S":
            out.append(text)
        else:
            out.append("SERVER -> CLIENT: " + text)
        last = who if text[3:4] == "-" else None
    return out


def nodemailer(host, port, lines):
    stamp = "[2026-11-20 12:00:00]"
    secure = "Secure connection" if implicit(port) else "Connection"
    out = [f"{stamp} INFO  [x] {secure} established to {host}:{port}"]
    was = False
    for who, text, tls in halves(lines):
        if tls and not was:
            out.append(f"{stamp} INFO  [x] Connection upgraded with STARTTLS")
            was = True
        out.append(f"{stamp} DEBUG [x] {who}: {text}")
    return out


def s_client(host, port, lines):
    parts = list(halves(lines))
    if not implicit(port) and not any(tls for _, _, tls in parts):
        # It was never TLS: nothing of s_client is to be seen, telnet it was.
        return [f"$ telnet {host} {port}", f"Connected to {host}."] + [text for _, text, _ in parts]
    head = f"$ openssl s_client -connect {host}:{port}" + ("" if implicit(port) else " -starttls smtp")
    shown = [text for _, text, tls in parts if tls or implicit(port)]
    return [head, "CONNECTED(00000003)", "---", "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384",
            "Verify return code: 0 (ok)", "---", "250 SMTPUTF8"] + shown


def own(host, port, lines):
    head = f"Transcript of {host}:{port}  (ms; S: server, C: us)"
    return [head] + [f"{line['t_ms']:7} {line['dir']}: {line['text']}" for line in lines]


FORMATS = {"swaks": swaks, "phpmailer": phpmailer, "s_client": s_client, "nodemailer": nodemailer, "own": own}


def endpoint_in_trouble(report):
    """The transcript of the endpoint whose check went wrong last; None when none has a reply in it."""
    told = {t["endpoint"]: t["lines"] for t in report["transcripts"] if any(x["dir"] == "S" for x in t["lines"])}
    for check in reversed(report["checks"]):
        if check["status"] in ("fail", "warn") and check["endpoint"] in told:
            return check["endpoint"], told[check["endpoint"]]
    return next(iter(told.items()), (None, None))


def first(explained):
    """(first cause, its certainty, all causes in question)."""
    diagnosis = explained["diagnosis"]
    causes = {d["cause"] for d in diagnosis}
    for d in diagnosis:
        causes.update(d.get("also_possible") or [])
    for test in explained.get("tell_apart") or []:
        causes.update(test.get("causes") or [])
    if not diagnosis:
        return "none", "", causes
    return diagnosis[0]["cause"], diagnosis[0]["certainty"], causes


def honest(cause, got, refused):
    """Does the text lead to the cause, or say honestly that it may be another?"""
    first_cause, certainty, causes = got
    if first_cause == cause:
        return True
    if first_cause == "none":
        return not refused
    return certainty != "certain" and cause in causes


def judge_scenario(smtpwhy, name):
    """(cause of the check, {format: first()}, whether the text has a refusal), or None where there is nothing to compare."""
    status, out = run([smtpwhy, "check", "--lab", name, "--format", "json", "--no-progress"])
    if status > 3:
        return "broken", {}, False
    report = json.loads(out)
    where, lines = endpoint_in_trouble(report)
    if not report["diagnosis"] or not lines:
        return None
    host, _, port = where.rpartition(":")
    got = {}
    for form, render in FORMATS.items():
        text = "\n".join(render(host, port, lines)) + "\n"
        status, out = run([smtpwhy, "explain", "--format", "json", "-"], text.encode())
        got[form] = first(json.loads(out)) if status < 2 else ("broken", "certain", set())
    refused = any(x["dir"] == "S" and x["text"][:1] in "45" for x in lines)
    return report["diagnosis"][0]["cause"], got, refused


def with_target(folder):
    """The scenarios that say what is checked."""
    for file in os.listdir(folder):
        if file.endswith(".scenario"):
            with open(os.path.join(folder, file), encoding="utf-8") as f:
                if any(line.startswith("target") for line in f):
                    yield file[:-len(".scenario")]


def main():
    smtpwhy, scenarios, exceptions = sys.argv[1:4]
    names = sys.argv[4:] or sorted(with_target(scenarios))
    lacking = {}
    with open(exceptions, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, causes, _ = line.rstrip("\n").split("\t")
                lacking[name] = causes.split(",")
    n = bad = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        results = pool.map(lambda name: (name, judge_scenario(smtpwhy, name)), names)
        for name, result in results:
            if result is None:
                continue
            cause, got, refused = result
            also = lacking.pop(name, [])
            off = {form: c for form, c in got.items() if not honest(cause, c, refused) and c[0] not in also}
            n += 1
            bad += bool(off)
            print(f"{'not ok' if off else 'ok'} {n} - {name}: the transcript leads to {cause}")
            for form, (other, certainty, _) in off.items():
                print(f"#   {form}: {certainty} {other}, wanted {' or '.join([cause] + also)}")
    if lacking and not sys.argv[4:]:
        n += 1
        bad += 1
        print(f"not ok {n} - exceptions for what is not there: {' '.join(sorted(lacking))}")
    print(f"1..{n}")
    return bad > 0


sys.exit(main())
