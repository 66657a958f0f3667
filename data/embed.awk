# embed - writes the files named on the command line as C: see src/base/data.h. Tables (*.tsv) are cut into their cells here, by the rules
# of src/base/tsv.h, so that nobody has to when the program starts; tests/unit/t-base-tsv compares. Other files stay as they are.
# One string literal a line of the file, so that a compiler's message or a debugger points at the right one. Bytes are counted: LC_ALL=C.

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

function flush_file(  i) {
	if (name == "")
		return
	print ";\n"
	if (!is_table)
		return
	printf "static const unsigned cells_%d[] = {", n - 1
	for (i = 0; i < n_cells; i++)
		printf "%s%d,", i % 20 ? " " : "\n\t", cells[i]
	printf "\n};\n\nstatic const int lines_%d[] = {", n - 1
	for (i = 0; i < rows[n - 1]; i++)
		printf "%s%d,", i % 20 ? " " : "\n\t", lines[i]
	print "\n};\n"
}

# The cells of a line, one after the other, each with a NUL behind it.
function table_line(  cell, i, k, text) {
	sub(/\r$/, "")
	if (/^#/ || /^[ \t\r]*$/)
		return
	k = split($0, cell, "\t")
	if (!width)
		width = k
	else if (k != width)
		bad(k " cells, expected " width)
	for (i = 1; i <= k; i++) {
		sub(/^ +/, "", cell[i])
		sub(/ +$/, "", cell[i])
		if (cell[i] == "-")
			cell[i] = ""
		cells[n_cells++] = offset
		offset += length(cell[i]) + 1
		text = text literal(cell[i]) "\\000"
	}
	printf "\n\t\"%s\"", text
	if (n_cells > width)
		lines[rows[n - 1]++] = FNR
	widths[n - 1] = width
}

BEGIN { print "#include \"base/data.h\"\n"; n = 0; name = "" }

FNR == 1 {
	flush_file()
	name = FILENAME
	sub(/^data\//, "", name)
	names[n] = name
	is_table = name ~ /\.tsv$/
	tables[n] = is_table
	rows[n] = n_cells = width = offset = 0
	printf "static const char file_%d[] =", n++
}

is_table { table_line(); next }
{ printf "\n\t\"%s\\n\"", literal($0) }

END {
	if (failed)
		exit 1
	flush_file()
	print "const struct data_file data_files[] = {"
	for (i = 0; i < n; i++)
		if (!tables[i])
			printf "\t{ \"%s\", file_%d, sizeof(file_%d) - 1 },\n", names[i], i, i
	print "\t{ NULL, NULL, 0 },\n};\n\nconst struct data_table data_tables[] = {"
	for (i = 0; i < n; i++)
		if (tables[i])
			printf "\t{ \"%s\", file_%d, cells_%d, lines_%d, %d, %d },\n", names[i], i, i, i, widths[i], rows[i]
	print "\t{ NULL, NULL, NULL, NULL, 0, 0 },\n};"
}
