#!/bin/sh
# t-cut - t-cancel for the built-in scenarios: each is cut at a wait of its own, and at every one with CANCEL=all.
export CUT=scenarios KEPT=t-cut
exec "$(dirname "$0")/t-cancel.sh"
