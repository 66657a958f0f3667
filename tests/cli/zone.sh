# shellcheck shell=sh
# zone.sh - for tests of what a domain publishes; after lib.sh.

# zone: standard input becomes the lab's records.
zone()
{
	{
		printf 'like      m365\ntitle     A domain\nuser\npassword\ntarget    sends.example\ndns\n'
		sed 's/^/	/'
	} >"$scratch/zone.scenario"
}

# finds CHECK FINDING TITLE OPTION...: this check says this finding; with "" it passes.
finds()
{
	check=$1
	finding=$2
	title=$3
	shift 3
	run check --lab "$scratch/zone.scenario" sends.example --only "$check" --no-progress --color never -v "$@"
	if [ "$finding" ]; then
		grep -q "^ *\[$finding\]" "$scratch/out"
	else
		[ "$rc" = 0 ] && ! grep -qE '^ *\[[a-z]' "$scratch/out"
	fi
	say $? "$title" "${finding:-no finding}"
}
