#!/bin/sh
# lint of a folder: which files it looks at, which it reports, and what it says of the rest. Where git is there, it is asked which files
# it ignores.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
GIT_CEILING_DIRECTORIES=$scratch
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_CEILING_DIRECTORIES
rc=0

# The files that the last run reported, one a line.
told() { grep -o '"file":"[^"]*"' "$scratch/out" | sed 's/^"file":"//; s/"$//' | LC_ALL=C sort -u; }
tells()
{
	title=$1
	shift
	[ "$(told)" = "$(printf '%s\n' "$@")" ]
	say $? "$title" "$*"
}

# settings FILE: mail settings with an error in them.
settings()
{
	mkdir -p "$(dirname "$1")"
	printf 'GF_SMTP_ENABLED=true\nGF_SMTP_HOST=smtp.office365.com:465\nGF_SMTP_USER=a@contoso.com\nGF_SMTP_FROM_ADDRESS=a@contoso.com\n' >"$1"
}

mkdir "$scratch/r" "$scratch/r/.git" "$scratch/r/.git/info"
cd "$scratch/r" || exit 1
printf '/excluded.env\n' >.git/info/exclude
printf '*.secret.env\n!kept.secret.env\nbuild/\n/top.env\ndeep/**/gone.env\n' >.gitignore
for f in a.env excluded.env x.secret.env kept.secret.env build/b.env top.env sub/top.env deep/1/2/gone.env deep/1/2/here.env \
	sub/build/c.env node_modules/m/d.env vendor/v/e.env .git/f.env 'with blank/g.env' .hidden/h.env; do
	settings "$f"
done
printf '!x.secret.env\n/inner.env\n' >sub/.gitignore
settings sub/x.secret.env
settings sub/inner.env
settings sub/more/inner.env
settings README.md
printf 'mail\0smtp_host=smtp.office365.com:465\n' >binary.env
printf 'Our smtp_host = smtp.example.com is fine, user = root, port = 465\n' >prose.conf
printf 'spring:\n\tmail:\n\t\thost: smtp.office365.com\n' >application.yml
printf 'name: nothing\n' >other.yml
ln -s . loop
ln -s a.env link.env
mkfifo pipe.env

run lint --format ndjson .
status 1 "a folder: its problems are the exit status"
tells "the files that have mail settings and are not ignored" .hidden/h.env a.env deep/1/2/here.env kept.secret.env sub/more/inner.env \
	sub/top.env sub/x.secret.env 'with blank/g.env'
err_is 'smtpwhy lint: looked at 15 files, 8 with mail settings; 1 more may have some and cannot be read (-v says why)'
run lint -v --format ndjson .
err_has 'application.yml:2: a tab cannot indent in YAML' "-v says which"
run lint -q .
err_empty "-q: nothing but the problems"
run lint --format ndjson sub
tells "a folder below: the patterns above it count" sub/more/inner.env sub/top.env sub/x.secret.env
run lint --format ndjson ./sub/ build
tells "a folder that is named is looked at though it is ignored" ./sub/more/inner.env ./sub/top.env ./sub/x.secret.env build/b.env
(cd sub/more && run lint --format ndjson ..; [ "$(told | tr '\n' ' ')" = '../more/inner.env ../top.env ../x.secret.env ' ])
say $? "from within"

# Against git's own answer.
if git init -q . 2>/dev/null; then
	find . -name .git -prune -o -name '*.env' -type f -print | sed 's/^\.\///' | LC_ALL=C sort >"$scratch/all"
	git check-ignore --no-index --stdin <"$scratch/all" | LC_ALL=C sort >"$scratch/ignored"
	comm -23 "$scratch/all" "$scratch/ignored" | grep -Ev '^(node_modules|vendor)/|^binary' >"$scratch/kept"
	run lint --format ndjson .
	told >"$scratch/told"
	diff "$scratch/kept" "$scratch/told" >"$scratch/why"
	say $? "git ignores the same files" "$(cat "$scratch/why")"
fi

# A work tree: .git is a file.
mkdir -p "$scratch/main/.git/info" "$scratch/main/.git/worktrees/w" "$scratch/w/s"
printf 'no.env\n' >"$scratch/main/.git/info/exclude"
printf '../..\n' >"$scratch/main/.git/worktrees/w/commondir"
printf 'gitdir: %s\n' "$scratch/main/.git/worktrees/w" >"$scratch/w/.git"
settings "$scratch/w/s/no.env"
settings "$scratch/w/s/yes.env"
run lint --format ndjson "$scratch/w"
tells "the exclude file of a work tree is its repository's" "$scratch/w/s/yes.env"

# One bad file silences none.
mkdir "$scratch/bad" "$scratch/empty" "$scratch/quiet"
cp a.env "$scratch/bad/z.env"
run lint --format ndjson "$scratch/bad" /nonexistent/x "$scratch/r/a.env"
status 2 "a name that is nothing: exit status 2"
err_has '/nonexistent/x cannot be opened'
tells "... and the others are told" /nonexistent/x "$scratch/bad/z.env" "$scratch/r/a.env"
if [ "$(id -u)" != 0 ]; then
	mkdir "$scratch/bad/shut" && chmod 0 "$scratch/bad/shut"
	run lint --format ndjson "$scratch/bad"
	chmod 700 "$scratch/bad/shut"
	status 2 "a folder that cannot be opened: exit status 2"
	tells "... and the others are told" "$scratch/bad/z.env"
fi

# Nothing to find is nothing wrong.
run lint "$scratch/empty"
status 0 "an empty folder"
err_is 'smtpwhy lint: looked at 0 files, 0 with mail settings'
printf 'SMTP_HOST=\nSMTP_PORT=587\nMAIL_URL=${SECRET_URL}\n' >"$scratch/quiet/.env.example"
run lint "$scratch/quiet/.env.example"
status 3
run lint "$scratch/quiet"
status 0 "settings without a server, found in a folder, stop nothing"
err_has 'looked at 1 file, 1 with mail settings'

# As deep as a folder may be.
deep=$scratch/deep/$(printf 'd/%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 \
	39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66)
mkdir -p "$deep"
settings "$scratch/deep/a.env"
run lint --format ndjson "$scratch/deep"
status 2 "too deep: exit status 2, for not all was looked at"
err_has 'was not looked at: more than 64 folders in each other'
tells "... and what lies above is told" "$scratch/deep/a.env"

# --skip-others: what a hook names.
run lint --skip-others README.md other.yml binary.env sub/top.env
status 1 "--skip-others: the problem of the one that has settings"
err_empty
run lint --skip-others README.md other.yml
status 0 "--skip-others: none has any"
out_empty
run lint --skip-others /nonexistent/x
status 2 "--skip-others: a file that is not there is still an error"

# What is looked for first is in all samples of programs' files, without what stands beside them.
cd "$top/tests/data/config" || exit 1
find . -type f ! -name '*.md' ! -name '*.txt' ! -name guessed.conf ! -name sasl_passwd ! -name master.cf \
	! -name passwd.client ! -name revaliases | LC_ALL=C sort >"$scratch/samples"
xargs "$SMTPWHY" lint --format ndjson <"$scratch/samples" >"$scratch/out" 2>/dev/null
grep -v '"verdict":"unread"' "$scratch/out" | grep -v '"application":"guess-pairs"' >"$scratch/alone"
cp "$scratch/alone" "$scratch/out"
told >"$scratch/named"
run lint --format ndjson .
told | sed 's/^/.\//' >"$scratch/found"
comm -23 "$scratch/named" "$scratch/found" >"$scratch/why"
[ ! -s "$scratch/why" ] && [ "$(wc -l <"$scratch/found")" -ge 40 ]
say $? "a folder's walk finds each sample that lint reads" "$(cat "$scratch/why")"
done_testing
