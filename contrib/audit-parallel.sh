#!/bin/sh
# audit-parallel.sh LIST FOLDER [OPTION]... - an audit in eight parts by GNU parallel, and the merged
# journal, FOLDER/all.journal. Called again it goes on where it was.
#
# On several machines: give parallel --sshlogin, and a FOLDER that all of them share.

set -eu
list=$1 folder=$2
shift 2
mkdir -p "$folder"
# Status 1 says that a problem was found: a result.
parallel --halt soon,fail=1 --quote sh -c '
	k=$1 list=$2 folder=$3
	shift 3
	smtpwhy audit "$@" --shard "$k/8" --journal "$folder/part-$k.journal" --resume \
		--no-progress -o /dev/null "$list" || [ $? -eq 1 ]' sh {} "$list" "$folder" "$@" \
	::: 1 2 3 4 5 6 7 8
rm -f "$folder/all.journal"
smtpwhy audit merge "$folder"/part-*.journal -o "$folder/all.journal"
