#!/bin/sh
# bootstrap, in a project of three files with an apt-get of our own: what it says and does on a bare
# system, when something fails, and when it is interrupted. The steps of a real system are the same
# commands.
. "$(dirname "$0")/lib.sh"
. tests/background.sh
unset BUILD_DIR CONFIGURE_FLAGS MAKEFLAGS MFLAGS MAKELEVEL

# Nothing but these tools: a sudo or an apt-get of this machine must not take part.
bin=$scratch/bin
mkdir -p "$bin" "$scratch/project"
for tool in sh env awk grep sed cat date sleep tail mkdir dirname nproc make rm touch echo; do
	ln -s "$(env which $tool)" "$bin/$tool"
done
# tool NAME BODY: a program of that name.
tool() { printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"; chmod +x "$bin/$1"; }
tool id 'echo 0'
tool dpkg-query 'for p in make gcc; do echo "installed $p"; done; cat "$ROOM/have" 2>/dev/null'
# Its lists are stale: the first installation fails, and so does all before "update" if there are
# none.
tool apt-get '
	echo "apt-get $*" >>"$ROOM/apt"
	case " $* " in
	*" update "*) touch "$ROOM/lists"; exit 0 ;;
	*" --assume-no "*)
		[ ! -e "$ROOM/none" ] || [ -e "$ROOM/lists" ] || exit 100
		echo "1 upgraded, 102 newly installed, 0 to remove and 9 not upgraded."
		echo "Need to get 76.9 MB of archives."
		echo "After this operation, 295 MB of additional disk space will be used."
		exit 1 ;;
	esac
	[ -e "$ROOM/lists" ] || { echo "E: 404 Not Found"; exit 100; }
	[ ! -e "$ROOM/broken" ] || { echo "E: no space left"; exit 100; }
	awk "BEGIN { for (i = 1; i < 40; i++) print \"installed\", ARGV[i] }" "$@" >>"$ROOM/have"'
ROOM=$scratch
export ROOM

cp bootstrap "$scratch/project/"
cd "$scratch/project" || exit 1
touch configure.ac Makefile.in
cat >configure <<'END'
#!/bin/sh
echo "checking whether $* works"
cat >Makefile <<'MAKE'
all:
	@echo '  CC       a.o'; $(DO)
check-programs: all
check: ; @echo '1 passed, 1 failed'; exit 1
install: ; @for i in 1 2 3 4; do echo "/usr/bin/install -c $$i"; done; mkdir -p '$(DESTDIR)/opt/bin'
installed-program: ; @echo '$(DESTDIR)/opt/bin/smtpwhy'
hello: ; @echo hello
.PHONY: all check-programs check install installed-program hello
MAKE
touch config.status
END
chmod +x configure

# boot WORD...: runs it; all that it says in $scratch/said, its exit status in $rc.
boot()
{
	PATH=$bin ./bootstrap "$@" >"$scratch/said" 2>&1 </dev/null
	rc=$?
}
# said WORDS, silent PATTERN, ended STATUS: complain on standard output.
shown() { echo "$1"; sed 's/^/| /' "$scratch/said"; }
said() { grep -qF -e "$1" "$scratch/said" || shown "not said: $1"; }
silent() { ! grep -n -e "$1" "$scratch/said"; }
ended() { [ "$rc" = "$1" ] || shown "ended with $rc, not $1"; }

# --- packages ---

tool id 'echo 1000'
{
	boot
	ended 1
	said '    apt-get update && apt-get install --no-install-recommends autoconf automake '
	silent ' $'
	silent ' gcc'
	[ ! -e "$scratch/apt" ] || echo 'apt-get was run'
} | none 'neither root nor sudo: the line to copy, without what is there'
tool id 'echo 0'
{
	touch "$scratch/none" "$scratch/broken"
	boot
	ended 100
	said '102 packages (76.9 MB to download, 295 MB on disk)'
	said 'E: no space left'
	said 'failed: env DEBIAN_FRONTEND=noninteractive apt-get'
	said "all of it is in $scratch/project/build/bootstrap.log"
} | none 'apt fails: its last words, and where the rest is'
{
	rm -f "$scratch/lists" "$scratch/broken" "$scratch/none" "$scratch/apt"
	boot
	ended 0
	said '102 packages (76.9 MB to download, 295 MB on disk)'
	silent 'failed\|E: 404'
	said 'built build/smtpwhy'
	sed -n 's/.*\(install\|update\).*/\1/p' "$scratch/apt" | tr '\n' ' ' |
		grep -qx 'install install update install ' || cat "$scratch/apt"
	grep ' install ' "$scratch/apt" | grep -v -e --assume-no |
		grep -v 'APT::Keep-Downloaded-Packages=false' | sed 's/^/keeps what it downloads: /'
} | none 'stale lists of packages are fetched anew, and only then'
{
	boot
	ended 0
	silent 'install'
	said 'built build/smtpwhy'
} | none 'the second time nothing is installed'

# --- building, checking, installing ---

{ boot hello 'CFLAGS=-O0'; ended 0; said hello; } | none 'any other target is left to make'
{
	boot 'DO=echo out of registers; exit 7'
	ended 2
	said 'out of registers'
	said "all of it is in $scratch/project/build/bootstrap.log"
	silent 'built build/smtpwhy'
} | none 'a build that fails: its last words, and where the rest is'
{
	touch "$scratch/lists"
	boot check
	PATH=$bin ./bootstrap check T='t-x t-y' >"$scratch/said" 2>"$scratch/err" </dev/null
	rc=$?
	ended 2
	[ "$(tail -n 1 "$scratch/said")" = '1 passed, 1 failed' ] || cat "$scratch/said"
	cat "$scratch/err"
} | none 'a check that fails: the verdict is the last line, and make is silent'
{
	boot install "DESTDIR=$scratch/put it"
	ended 0
	program="$scratch/put it/opt/bin/smtpwhy"
	[ "$(cat "$scratch/said")" = "bootstrap: installed $program; next: $program --help" ] ||
		cat "$scratch/said"
	[ -d "$scratch/put it/opt/bin" ] || echo 'nothing was installed'
} | none 'install says one line: where, and what next'
{
	touch "$scratch/file"
	boot install "DESTDIR=$scratch/file"
	ended 1
	said "can't write to $scratch/file/opt/bin: install as root"
	[ "$(grep -c . "$scratch/said")" = 1 ] || cat "$scratch/said"
} | none 'install where nothing can be written: one line'

# --- interrupted ---

for signal in INT TERM; do
	rm -f "$scratch/started" "$scratch/finished"
	# What a shell starts in the background ignores SIGINT; env gives it back.
	PATH=$bin background "$scratch/said" "$scratch/said" env --default-signal=INT ./bootstrap \
		"DO=echo started >'$scratch/started'; sleep 3; touch '$scratch/finished'"
	until_says "$scratch/started" started || echo 'the build was not begun'
	kill -$signal "$background"
	wait "$background"
	rc=$?
	case $signal in INT) ended 130 ;; *) ended 143 ;; esac
	# The recipe would end by now, had it not been stopped.
	sleep 4
	[ ! -e "$scratch/finished" ] || echo "SIG$signal: the build went on"
done | none 'interrupted, nothing goes on in the background'
done_testing
