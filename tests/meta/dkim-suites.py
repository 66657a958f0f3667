#!/usr/bin/env python3
"""Public test suites of DKIM and ARC in the form that tests/unit/dkim-lists.c reads.

    dkim-suites.py mail-dkim|james|stalwart|dkimpy|arc|arc-chains FOLDER SCRATCH

Exit status 3: Python's YAML reader is not there. Messages that have to be cut out of a file are written to SCRATCH. What a message is to be is told by its name.
"""
import os
import sys

# What RFC 6376 judges otherwise than the suite, which follows RFC 4871 and its drafts.
OTHERWISE = {
    # No bh=: the drafts before 2006 signed the body together with the header.
    "good_ietf00_1": "permerror", "good_ietf00_2": "permerror", "good_ietf00_3": "permerror",
    "good_ietf00_4": "permerror", "good_ietf00_5": "permerror",
    # g= of a key was dropped by RFC 6376 (C.3): no address is too special for it.
    "badkey_8": "verifies", "badkey_9": "verifies", "badkey_12": "verifies", "badkey_13": "verifies",
}

# Published by these domains in 2009; the suite's own test has them, not its messages.
JAMES_KEYS = {
    "gamma._domainkey.gmail.com":
        "k=rsa; t=y; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDIhyR3oItOy22ZOaBrIVe9m/iME3RqOJeasANSpg2Y"
        "THTYV+Xtp4xwf5gTjCmHQEMOs0qYu0FYiNQPQogJ2t0Mfx9zNu06rfRBDjiIU9tpx2T+NGlWZ8qhbiLo5By8apJavLyqTL"
        "avyPSrvsx0B3YzC63T4Age2CDqZYA+OwSMWQIDAQAB",
    "s1024._domainkey.yahoo.com":
        "k=rsa; t=y; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDrEee0Ri4Juz+QfiWYui/E9UGSXau/2P8LjnTD8V4U"
        "nn+2FAZVGE3kL23bzeoULYv4PeleB3gfmJiDJOKU3Ns5L4KJAUUHjFwDebt0NP+sBK0VKeTATL2Yr/S3bT/xhy+1xtj4Rk"
        "dV7fVxTn56Lb4udUnwuxK4V5b5PdOKj/+XcwIDAQAB; n=A 1024 bit key;",
    "pmta._domainkey.myspace.com":
        "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQChRebhcm4h8BkIYHRxg1GlKLsDkwdrqkFJ8f88xHQ5Gf3NH"
        "4I4e06M3XQ+B4tWWK/rX0srwXFgrJPzKZK+x7gN89nmqyM+NNaM+Wm2C0GjTpx6639zK3bAAGYCm0L9lGD7PgDxpWok+Y"
        "ogH0Ml4acEwDw/cnhErAWAnX8doPliawIDAQAB",
    "mail._domainkey.sqli.com":
        "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1CTqmkuRWkxlHcv1peAz3c0RuXHthVO1xx1Hy4HryZUJwS"
        "Jo/R3cnEwKorQvlRuDSMgXSLLxI8u6n7h6mzRmHdsS/A+pKc7nx/6WS4N6U57PSNqOclxfwa27m/EIL6KTk9KDhaKsXxq"
        "uQUBkP1CQEUZHPhQ/t7s4dmU/kvGFgNQIDAQAB",
}

# RFC 8463, A.2.
RFC8463_KEYS = {
    "brisbane._domainkey.football.example.com":
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "test._domainkey.football.example.com":
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6"
        "wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvH"
        "O9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
}


def line(*cells):
    print("\t".join(cells))


def zone(name, kind, value="-"):
    raw = "".join(c if 32 <= ord(c) < 127 and c != "\\" else "\\x%02x" % ord(c) for c in value)
    line("zone", name, kind, raw or " ")


def fake_dns(path):
    with open(path, encoding="latin-1") as f:
        for text in f:
            if text.startswith("#") or not text.strip():
                continue
            name, value = text.rstrip("\r\n").split(None, 1)
            if value == "NXDOMAIN":
                continue
            if value.startswith("~~"):
                zone(name, "SERVFAIL" if "SERVFAIL" in value else "TIMEOUT")
            else:
                zone(name, "TXT", value)


def mail_dkim(folder, _):
    line("new")
    fake_dns(os.path.join(folder, "FAKE_DNS.dat"))
    corpus = os.path.join(folder, "corpus")
    for name in sorted(os.listdir(corpus)):
        stem = name[:-4]
        kind = stem.split("_")[0]
        want = {"good": "verifies", "goodkey": "verifies", "mine": "verifies", "multiple": "verifies",
                "bad": "bad", "badkey": "bad", "ignore": "bad", "no": "verifies", "dk": "none"}[kind]
        # Signatures of DomainKeys, RFC 4870, are no DKIM.
        if stem.startswith(("good_dk", "bad_dk")):
            want = "none"
        line("message", os.path.join(corpus, name), "1700000000", OTHERWISE.get(stem, want), stem)


def james(folder, _):
    line("new")
    for name, value in JAMES_KEYS.items():
        zone(name, "TXT", value)
    for name in sorted(os.listdir(folder)):
        want = "bad" if name.startswith("FAIL_") else "verifies"
        line("message", os.path.join(folder, name), "0", want, name)


def dkimpy(folder, _):
    line("new")
    with open(os.path.join(folder, "eximtest.dns"), encoding="latin-1") as f:
        zone("sed._domainkey.test.ex", "TXT", f.read().strip())
    for name, value in RFC8463_KEYS.items():
        zone(name, "TXT", value)
    for name in ("ed25519test2.msg", "rfc6376.signed.msg", "rfc6376.signed.rsa.msg"):
        line("message", os.path.join(folder, name), "0", "pass", name)


def cut(folder, scratch):
    """Keys in the first lines, then the message."""
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            head, body = f.read().replace(b"\r\n", b"\n").split(b"\n\n", 1)
        line("new")
        for text in head.decode("latin-1").splitlines():
            key, value = text.split(None, 1)
            zone(key, "TXT", value)
        out = os.path.join(scratch, os.path.basename(folder) + "-" + name)
        with open(out, "wb") as f:
            f.write(body)
        yield out, name


def stalwart(folder, scratch):
    for out, name in cut(folder, scratch):
        line("message", out, "0", "pass", name)


def arc_chains(folder, scratch):
    for out, name in cut(folder, scratch):
        line("arc", out, "0", "pass", name)


def arc(folder, scratch):
    try:
        import yaml
    except ImportError:
        sys.exit(3)
    with open(os.path.join(folder, "arc-draft-validation-tests.yml"), encoding="utf-8") as f:
        scenarios = list(yaml.safe_load_all(f))
    for scenario in scenarios:
        line("new")
        for name, value in scenario["txt-records"].items():
            zone(name, "TXT", value)
        for name, case in scenario["tests"].items():
            out = os.path.join(scratch, "arc-" + name)
            with open(out, "w", encoding="utf-8") as f:
                f.write(case["message"])
            # Empty: the chain was broken before it came here, and it is not to be sealed again.
            line("arc", out, "0", str(case["cv"] or "fail").lower(), name)


SUITES = {"arc": arc, "arc-chains": arc_chains, "dkimpy": dkimpy,
          "mail-dkim": mail_dkim, "james": james, "stalwart": stalwart}
SUITES[sys.argv[1]](sys.argv[2], sys.argv[3])
