# embed - writes the files named on the command line as C: see src/base/data.h. Tables (*.tsv, and *.txt, which have a line per
# field) are cut into their cells here, by the rules of src/base/tsv.h, so that nobody has to when the program starts; tests/unit/t-base-tsv compares. Bytes are counted: LC_ALL=C. Other
# files stay as they are, one string literal a line, so that a compiler's message or a debugger points at the right one.

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
	if (is_table)
		flush_table()
	else if (name != "")
		print ";\n"
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

BEGIN { print "#include \"base/data.h\"\n"; n = 0; name = "" }

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
