# fields - prints a table that has a line per field (data/causes.txt) as rows of TAB-separated cells, as the other tables are.
/^#/ { next }
/^[ \t\r]*$/ { open = 0; next }
{
	name = $0
	sub(/:.*/, "", name)
	value = substr($0, length(name) + 3)
	if (!open) {
		open = 1
		rows++
	}
	if (!(name in column)) {
		column[name] = ++width
		cell[0, width] = name
	}
	if ((rows, column[name]) in cell)
		value = cell[rows, column[name]] " || " value
	cell[rows, column[name]] = value
}
END {
	for (r = 0; r <= rows; r++)
		for (c = 1; c <= width; c++)
			printf "%s%s", ((r, c) in cell) ? cell[r, c] : "-", c < width ? "\t" : "\n"
}
