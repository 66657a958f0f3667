#!/bin/sh
# Zones that somebody made to do harm: loops, bombs, answers of thousands of records. What a run costs is bounded, and told.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"
if ! command -v python3 >/dev/null; then
	skip 'hostile zones' 'needs python3'
	done_testing
fi
python3 "$top/tests/cli/hostile-zones.py" "$(command -v "$SMTPWHY")"
exit $?
