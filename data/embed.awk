# embed - writes the files named on the command line as C: see src/base/data.h.
# One string literal a line of the file, so that a compiler's message or a debugger points at the right one.

function flush_file() {
	if (name != "")
		printf ";\n\n"
}

BEGIN { print "#include \"base/data.h\"\n"; n = 0; name = "" }

FNR == 1 {
	flush_file()
	name = FILENAME
	sub(/^data\//, "", name)
	names[n] = name
	printf "static const char file_%d[] =", n++
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\t/, "\\t")
	gsub(/\r/, "\\r")
	gsub(/\?\?/, "?\\?")
	printf "\n\t\"%s\\n\"", $0
}

END {
	flush_file()
	print "const struct data_file data_files[] = {"
	for (i = 0; i < n; i++)
		printf "\t{ \"%s\", file_%d, sizeof(file_%d) - 1 },\n", names[i], i, i
	print "\t{ NULL, NULL, 0 },\n};"
}
