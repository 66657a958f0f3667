#include "cmd/not-text.h"

#include <string.h>

#include "base/attr.h"

/* What such files begin with: their specifications, as file(1) knows them, too. */
static const struct { size_t at; const char *bytes; size_t n; const char *what; } magic[] = {
	{ 0, "\x89PNG\r\n\x1a\n", 8, "a picture (PNG)" },
	{ 0, "\xff\xd8\xff", 3, "a picture (JPEG)" },
	{ 0, "GIF87a", 6, "a picture (GIF)" },
	{ 0, "GIF89a", 6, "a picture (GIF)" },
	{ 8, "WEBP", 4, "a picture (WebP)" },
	{ 0, "II*\0", 4, "a picture (TIFF)" },
	{ 0, "MM\0*", 4, "a picture (TIFF)" },
	{ 4, "ftyp", 4, "a picture or film (HEIC, MP4)" },
	{ 0, "%PDF-", 5, "a PDF" },
	{ 0, "PK\x03\x04", 4, "an archive (ZIP) or an Office document" },
	{ 0, "7z\xbc\xaf\x27\x1c", 6, "an archive (7z)" },
	{ 0, "Rar!\x1a\x07", 6, "an archive (RAR)" },
	{ 0, "\xfd" "7zXZ\0", 6, "an archive (xz)" },
	{ 0, "BZh9", 4, "an archive (bzip2)" },
	{ 0, "\x28\xb5\x2f\xfd", 4, "an archive (Zstandard)" },
	{ 257, "ustar", 5, "an archive (tar)" },
	{ 0, "ElfFile\0", 8, "an event log of Windows (.evtx)" },
	{ 0, "!BDN", 4, "a mail store of Outlook (.pst)" },
	{ 0, "\x7f" "ELF", 4, "a program" },
};

const char *not_text(struct span bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(magic); i++) {
		if (bytes.len >= magic[i].at + magic[i].n &&
		    memcmp(bytes.p + magic[i].at, magic[i].bytes, magic[i].n) == 0)
			return magic[i].what;
	}
	return NULL;
}

bool looks_like_file(const char *word)
{
	static const char *const folders[] = { "/", "./", "../", "~/", "file:" };
	static const char *const endings[] = {
		".log", ".txt", ".eml", ".msg", ".html", ".htm", ".json", ".csv", ".gz", ".err",
		".out", ".mbox", ".md", ".xml", ".png", ".jpg", ".jpeg", ".pdf", ".docx", ".zip",
		".log.1",
	};

	if (word[strcspn(word, " \t\r\n")])
		return false;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		if (str_has_prefix(word, folders[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (str_has_suffix_nocase(word, endings[i]))
			return true;
	}
	return false;
}
