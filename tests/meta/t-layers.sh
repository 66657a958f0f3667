#!/bin/sh
# Does every file include only what the table "Who may include whom" of doc/HACKING.md allows it to?
. "$(dirname "$0")/lib.sh"

# The table as "layer allowed...", "third layer name..." lines.
awk -F'|' '
	/^## Who may include/ { on = 1; next }
	/^## / { on = 0 }
	on && NF >= 5 && $2 !~ /layer|---/ {
		layer = $2; gsub(/[ `]/, "", layer)
		n = split($3, part, /[,;]/)
		out = layer
		for (i = 1; i <= n; i++) {
			word = part[i]
			only = word ~ /\([a-z ]+ only\)/ && word !~ /reads only/ ? word : ""
			sub(/\(.*/, "", word); gsub(/[ `]/, "", word)
			if (only) { sub(/.*\(/, "", only); sub(/ only.*/, "", only); gsub(/ and /, "@", only) }
			if (word ~ /^[a-z]+(\/[a-z.*-]+)*$/ && word !~ /never/) out = out " " word (only ? "@" only : "")
		}
		print "may", out
		third = $4; gsub(/\([^)]*\)/, "", third); gsub(/[,;]/, " ", third)
		print "third", layer, tolower(third)
	}' doc/HACKING.md >"$scratch/table"
some 'the table is found in doc/HACKING.md' 14 "$scratch/table"

# Every include as "file header".
find src checks -name '*.[ch]' -type f | sort |
	xargs awk '/^[ \t]*#[ \t]*include[ \t]*["<]/ { split($0, q, /["<>]/); print FILENAME, q[2] }' >"$scratch/includes"
some 'there are includes to look at' 50 "$scratch/includes"

awk '
	# A folder in a folder is a layer of its own where the table has it.
	function layer_of(path,    p) {
		if (path ~ /^checks\//) return "checks"
		sub(/^src\//, "", path)
		split(path, p, "/")
		return (p[1] "/" p[2]) in known ? p[1] "/" p[2] : p[1]
	}
	function allowed(file, from, head,    i, j, k, n, w, to, name, files) {
		to = layer_of(head)
		if (from == to && from != "checks") return 1
		if (may[from] ~ / everything/) return 1
		name = file; sub(/.*\//, "", name)
		n = split(may[from], w, " ")
		for (i = 1; i <= n; i++) {
			if (w[i] == to || w[i] == head) return 1
			k = split(w[i], files, "@")	# "fiber@graph@probe": only files whose names begin so
			for (j = 2; j <= k; j++)
				if (files[1] == to && index(name, files[j]) == 1) return 1
		}
		return 0
	}
	BEGIN {
		of["jansson.h"] = "jansson"; of["uv.h"] = "libuv"; of["ucontext.h"] = "ucontext"
		of["gnutls"] = "gnutls"; of["ares.h"] = of["ares_dns.h"] = of["ares_nameser.h"] = "c-ares"; of["idn2.h"] = "libidn2"; of["libpsl.h"] = "libpsl"; of["zlib.h"] = "zlib"
		of["valgrind"] = "valgrind"; of["sanitizer"] = "sanitizers"
		of["curl"] = "libcurl"; of["pcre2.h"] = "pcre2"; of["microhttpd.h"] = "libmicrohttpd"; of["gmime"] = "gmime"; of["sqlite3.h"] = "sqlite"
	}
	$1 == "may" { layer = $2; known[layer] = 1; $1 = $2 = ""; may[layer] = $0; next }
	$1 == "third" { layer = $2; $1 = $2 = ""; third[layer] = $0 " "; next }
	{
		from = layer_of($1)
		if (!(from in known)) { print $1 ": the folder " from " is not in the table"; next }
		split($2, h, "/")
		if ((h[1] in known) && $2 ~ /\//) {
			if (!allowed($1, from, $2)) print $1 " includes " $2
		} else if (h[1] in of) {
			if (index(third[from], " " of[h[1]] " ") == 0) print $1 " includes " $2 " (" of[h[1]] " is not for " from ")"
		} else if ($2 ~ /\// && $2 !~ /^(sys|arpa|netinet|net|linux)\//)
			print $1 " includes " $2 ", of which the table knows nothing"
	}' "$scratch/table" "$scratch/includes" | none 'nobody includes upwards or past the table'

# Nobody may include those who may include it, by whatever way.
awk '
	$1 == "may" && $0 !~ / everything/ {
		known[$2] = 1
		for (i = 3; i <= NF; i++) {
			to = $i; sub(/@.*/, "", to); sub(/\/[a-z.*-]+$/, "", to)
			if (to != $2 && !(to == "lab" && $2 == "lab/cloud")) edge[$2, to] = 1
		}
	}
	END {
		for (k in known) for (i in known) for (j in known)
			if (((i, k) in edge) && ((k, j) in edge)) edge[i, j] = 1
		for (i in known) if ((i, i) in edge) print i " may include itself through others"
	}' "$scratch/table" | none 'the table has no circle'

# A header must stand alone: it is the first that its own source file includes (after the block of comments).
for c in $(find src -name '*.c' | sort); do
	h=${c%.c}.h
	[ -e "$h" ] || continue
	first=$(sed -n 's/^#include "\(.*\)"/\1/p' "$c" | head -n 1)
	case src/$first in
	"$h" | "${c%.c}-"*.h) ;;
	*) echo "$c includes $first before ${h#src/}" ;;
	esac
done | none 'each file includes its own header first, which proves that the header stands alone'

done_testing
