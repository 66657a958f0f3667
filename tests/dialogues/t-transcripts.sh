#!/bin/sh
# t-transcripts - a transcript of a scenario's dialogue, as other programs print it, leads to the cause that the live check found.
set -u
top=${SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
build=${top_builddir:-$PWD}
exec python3 "$top/tests/dialogues/transcripts.py" "${SMTPWHY:-$build/smtpwhy}" "$top/data/scenarios" "$top/tests/dialogues/lacking.tsv"
