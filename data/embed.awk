# embed - writes the files named on the command line as C: see src/base/data.h. Tables (*.tsv, and *.txt, which have a line per
# field) are cut into their cells here, by the rules of src/base/tsv.h, so that nobody has to when the program starts; tests/unit/t-base-tsv compares. Bytes are counted: LC_ALL=C. Other
# files stay as they are, one string literal a line, so that a compiler's message or a debugger points at the right one. The words by which
# rows are found in a text become needles (src/base/needles.h) by the rules of src/know/found.c; tests/unit/t-needles compares.

function bad(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what > "/dev/stderr"
	failed = 1
	exit 1
}

function literal(s) {
	gsub(/\\/, "&&", s)
	gsub(/"/, "\\\"", s)
	gsub(/\t/, "\\t", s)
	gsub(/\r/, "\\r", s)
	gsub(/\?\?/, "?\\?", s)
	return s
}

# Column by column, so that what is looked through lies together; a text that is there twice is kept once.
function flush_table(  c, i, r, s, offset, seen, places) {
	for (c = 1; c <= width; c++) {
		for (r = 0; r <= rows; r++) {
			s = cells[r, c]
			if (!(s in seen)) {
				printf "\n\t\"%s\\000\"", literal(s)
				seen[s] = offset + 0
				offset += length(s) + 1
			}
			places[i++] = seen[s]
		}
	}
	printf ";\n\nstatic const unsigned cells_%d[] = {", n - 1
	for (c = 0; c < i; c++)
		printf "%s%d,", c % 20 ? " " : "\n\t", places[c]
	printf "\n};\n\nstatic const int lines_%d[] = {", n - 1
	for (r = 1; r <= rows; r++)
		printf "%s%d,", r % 20 != 1 ? " " : "\n\t", lines[r]
	print "\n};\n"
	tables[n - 1] = width ", " rows
}

function flush_file() {
	if (is_table) {
		keep_words()
		flush_table()
	} else if (name != "") {
		print ";\n"
	}
}

# The cells of a line; row 0 has the names of the columns.
function table_line(  cell, i, k) {
	sub(/\r$/, "")
	if (/^#/ || /^[ \t\r]*$/)
		return
	k = split($0, cell, "\t")
	if (++rows == 0) {
		width = k
		for (least = k; least > 0 && cell[least] ~ /[?]$/; least--)
			sub(/[?]$/, "", cell[least])
	} else if (k < least || k > width)
		bad(k " cells, expected " (k < least ? least : width))
	for (i = 1; i <= width; i++) {
		sub(/^ +/, "", cell[i])
		sub(/ +$/, "", cell[i])
		cells[rows, i] = cell[i] == "-" ? "" : cell[i]
	}
	lines[rows] = FNR
}

# A line of a table that has one for each field: the fields in the order in which they first come are its columns.
function field_line(  name, value) {
	sub(/\r$/, "")
	if (/^#/)
		return
	if (/^[ \t\r]*$/) {
		open = 0
		return
	}
	if (!match($0, /^[a-z_]+:/))
		bad("expected 'field: value'")
	name = substr($0, 1, RLENGTH - 1)
	value = substr($0, RLENGTH + 1)
	sub(/^ +/, "", value)
	sub(/ +$/, "", value)
	if (!open) {
		open = 1
		lines[++rows] = FNR
	}
	if (!(name in column)) {
		column[name] = ++width
		cells[0, width] = name
	}
	if (value == "-")
		return
	if ((rows, column[name]) in cells)
		value = cells[rows, column[name]] " || " value
	cells[rows, column[name]] = value
}

# --- needles ---

# As fold() in src/know/pattern.c has it, letters in lower case.
function folded(s) {
	gsub(/\302\240|\342\200\213|\357\273\277/, " ", s)
	gsub(/\342\200\230|\342\200\231/, "'", s)
	gsub(/\342\200\234|\342\200\235/, "\"", s)
	gsub(/\342\200\223|\342\200\224/, "-", s)
	gsub(/[ \t\r\f\v]+/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	return tolower(s)
}

# The four bytes at a place as a number.
function piece_at(s, at,  i, n) {
	for (i = 3; i >= 0; i--)
		n = n * 256 + without_case[substr(s, at + i, 1)]
	return n
}

# piece * 0x9e3779b1, of that the lower 32 bits: in halves, because numbers are exact up to 2^53.
function hash_of(piece,  low) {
	low = piece % 65536
	return ((int(piece / 65536) * 2654435761 % 65536) * 65536 + low * 2654435761) % 4294967296
}

# Of 32 bits: %d knows no more than 31 everywhere.
function hex(n) { return sprintf("0x%04x%04x", int(n / 65536), n % 65536) }

function add_piece(piece, needle, at,  hash, bit) {
	hash = hash_of(piece)
	bit = int(hash / 32768)
	if (!(bit in in_map)) {
		in_map[bit] = 1
		map[int(bit / 32)] += 2 ^ (bit % 32)
	}
	hash = int(hash / 524288)
	pieces[n_pieces++] = hex(piece) ", " needle + 0 ", " at ", " heads[hash] + 0
	heads[hash] = n_pieces
	shared[hash]++
}

function add_four(word, needle,  i, rest) {
	add_piece(piece_at(word, 1), needle, 0)
	rest = piece_at(word, 1)
	rest = int(rest / 256)
	for (i = 0; i < 256; i++)
		if (int(i / 32) % 2)
			add_piece(rest + i * 16777216, needle, 1)
}

function sharing(piece) { return shared[int(hash_of(piece) / 524288)] + 0 }

function best_place(word,  i, last, others, best, fewest, next_one) {
	last = length(word) - 4
	fewest = -1
	next_one = sharing(piece_at(word, 1))
	for (i = 0; i < last && fewest != 0; i++) {
		others = next_one
		next_one = sharing(piece_at(word, i + 2))
		others += next_one
		if (fewest < 0 || others < fewest) {
			fewest = others
			best = i
		}
	}
	return best
}

function add_needle(word, tag,  at) {
	if (word == "")
		return
	needles[n_needles + 0] = n_text + 0 ", " length(word) ", " tag
	needle_text[n_needles + 0] = word
	n_text += length(word)
	if (tag > last_tag)
		last_tag = tag
	if (length(word) < 4 || (length(word) == 4 && fours == 64)) {
		short_ones[n_short++] = n_needles + 0
	} else if (length(word) == 4) {
		fours++
		add_four(word, n_needles)
	} else {
		at = best_place(word)
		add_piece(piece_at(word, at + 1), n_needles, at)
		add_piece(piece_at(word, at + 2), n_needles, at + 1)
	}
	n_needles++
}

# The longest piece of each alternative.
function add_words(words, tag,  i, k, m, one, part, longest) {
	if (words == "*" || words == "")
		return
	m = split(folded(words), one, / \| /)
	for (i = 1; i <= m; i++) {
		longest = ""
		k = split(one[i], part, / \.\.\. /)
		for (; k > 0; k--)
			if (length(part[k]) >= length(longest))
				longest = part[k]
		add_needle(longest, tag)
	}
}

function numbers(type, array_name, list, n,  i) {
	printf "static const %s %s[] = {", type, array_name
	for (i = 0; i < n; i++)
		printf "%s%s,", i % 10 ? " " : "\n\t", type ~ /struct/ ? "{ " list[i] " }" : hex(list[i] + 0)
	print "\n};\n"
}

function flush_needles(  kind, i, r, tag, part) {
	for (i = 0; i < 256; i++)
		without_case[sprintf("%c", i)] = int(i / 32) % 2 ? i : i + 32
	for (kind = 1; kind <= n_kinds; kind++) {
		split(kinds[kind], part, ":")
		for (r = 1; r <= rows_of[part[1]]; r++)
			add_words(words_of[kind, r], tag + r - 1)
		tag += int((rows_of[part[1]] + 63) / 64) * 64
	}
	printf "static const char needle_text[] ="
	for (i = 0; i < n_needles; i++)
		printf "\n\t\"%s\"", literal(needle_text[i])
	print ";\n"
	short_ones[n_short + 0] = 0
	numbers("struct needle", "needle_all", needles, n_needles)
	numbers("struct needle_piece", "needle_pieces", pieces, n_pieces)
	numbers("uint32_t", "needle_short", short_ones, n_short + 1)
	numbers("uint32_t", "needle_map", map, 4096)
	numbers("uint32_t", "needle_heads", heads, 8192)
	print "const struct needles data_needles = {\n\tneedle_text, needle_all, needle_pieces, needle_short,"
	printf "\t%d, %d, %d, %d, %d,\n", n_needles, n_pieces, n_short, n_text, int(last_tag / 64) + 1
	print "\tneedle_map, needle_heads,\n};\n"
}

# Keeps the cells by which rows are found.
function keep_words(  kind, c, r) {
	rows_of[name] = rows
	for (kind = 1; kind <= n_kinds; kind++)
		for (c = 1; c <= width; c++)
			if (kinds[kind] == name ":" cells[0, c])
				for (r = 1; r <= rows; r++)
					words_of[kind, r] = cells[r, c]
}

BEGIN {
	print "#include \"base/data.h\"\n"
	n = 0
	name = ""
	n_kinds = split("error-codes.tsv:pattern symptoms.tsv:pattern providers.tsv:banner providers.tsv:trailer", kinds, " ")
}

FNR == 1 {
	flush_file()
	name = FILENAME
	sub(/^data\//, "", name)
	names[n] = name
	is_table = name ~ /\.(tsv|txt)$/
	by_field = name ~ /\.txt$/
	split("", cells)
	split("", column)
	open = 0
	rows = by_field ? 0 : -1
	width = 0
	printf "static const char file_%d[] =", n++
}

by_field { field_line(); next }
is_table { table_line(); next }
{ printf "\n\t\"%s\\n\"", literal($0) }

END {
	if (failed)
		exit 1
	flush_file()
	flush_needles()
	print "const struct data_file data_files[] = {"
	for (i = 0; i < n; i++)
		if (!(i in tables))
			printf "\t{ \"%s\", file_%d, sizeof(file_%d) - 1 },\n", names[i], i, i
	print "\t{ NULL, NULL, 0 },\n};\n\nconst struct data_table data_tables[] = {"
	for (i = 0; i < n; i++)
		if (i in tables)
			printf "\t{ \"%s\", file_%d, cells_%d, lines_%d, %s },\n", names[i], i, i, i, tables[i]
	print "\t{ NULL, NULL, NULL, NULL, 0, 0 },\n};"
}
