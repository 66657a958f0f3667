/*
 * Replies whose code a program spells in words: the sentences of .NET's SmtpStatusCode, in the
 * languages it is installed in, and the Debug form of Rust's lettre.
 */
#include "paste/paste.h"

#include "base/scan.h"

struct sentence { const char *words; int code; };

/*
 * What stands before "The server response was:". The same everywhere, as it comes from the library.
 */
static const struct sentence sentences[] = {
	{ "Service not available, closing transmission channel", 421 },
	{ "Mailbox unavailable", 550 }, { "Error in processing", 451 },
	{ "Insufficient system storage", 452 },
	{ "Client does not have permission to submit mail to this server", 454 },
	{ "Syntax error, command unrecognized", 500 },
	{ "Syntax error in parameters or arguments", 501 }, { "Command not implemented", 502 },
	{ "Bad sequence of commands", 503 }, { "Command parameter not implemented", 504 },
	{ "requires a secure connection or the client was not authenticated", 530 },
	{ "User not local; please try", 551 }, { "Exceeded storage allocation", 552 },
	{ "Mailbox name not allowed", 553 }, { "Transaction failed", 554 },
	{ "ist eine sichere Verbindung erforderlich, oder der Client wurde nicht authentifiziert",
	  530 },
	{ "requiert une connexion", 530 }, { "requiere una conexi", 530 },
	{ "richiede una connessione", 530 }, { "vereist een beveiligde verbinding", 530 },
	{ "requer uma conex", 530 }, { "exige uma conex", 530 },
	{ "Caixa de correio indispon", 550 }, { "Falha na transa", 554 },
	/* Chinese: mailbox unavailable, transaction failed */
	{ "\351\202\256\347\256\261\344\270\215\345\217\257\347\224\250", 550 },
	{ "\344\272\213\345\212\241\345\244\261\350\264\245", 554 },
	{ "Postfach nicht verf", 550 }, { "lettres non disponible", 550 },
	{ "Buz\303\263n no disponible", 550 },
};

static const char *const answers[] = {
	"The server response was:", "Die Serverantwort war:", "Die Antwort des Servers war:",
	"ponse du serveur \303\251tait\302\240:", "ponse du serveur \303\251tait :",
	"ponse du serveur \303\251tait:", "La respuesta del servidor fue:", "Risposta del server:",
	"La risposta del server", "Het antwoord van de server", "A resposta do servidor foi:",
	/* Chinese */
	"\346\234\215\345\212\241\345\231\250\345\223\215\345\272\224\344\270\272:",
};

/* Does what stands behind the last blank of `at` end the line before, and `line` begin with the
 * rest of the mark? */
static bool is_cut(struct span before, struct span line, const char *mark, const char *at)
{
	struct span left = { mark, (size_t)(at - mark) };

	return before.len > left.len && span_has_prefix_nocase(line, at + 1) &&
	       span_find_nocase((struct span) { before.p + before.len - left.len, left.len }, left);
}

bool paste_spelt_cut(struct span before, struct span line)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		for (const char *at = strchr(answers[i], ' '); at; at = strchr(at + 1, ' ')) {
			if (is_cut(before, line, answers[i], at))
				return true;
		}
	}
	return false;
}

static int code_of_sentence(struct span before)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		if (span_find_nocase(before, span_of(sentences[i].words)))
			return sentences[i].code;
	}
	return 0;
}

static bool of_dotnet(struct span line, int *ret_code, struct span *ret_words)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct span mark = span_of(answers[i]);
		const char *at = span_find_nocase(line, mark);

		if (!at)
			continue;
		*ret_code = code_of_sentence((struct span) { line.p, (size_t)(at - line.p) });
		*ret_words = span_trim((struct span) {
			at + mark.len, (size_t)(line.p + line.len - at) - mark.len
		});
		return true;
	}
	return false;
}

struct span paste_server_words(struct span line)
{
	struct span words;
	int code;

	return of_dotnet(line, &code, &words) ? words : line;
}

/*
 * --- lettre: Code { severity: PermanentNegativeCompletion, category: Unspecified3,
 * detail: Five } ---
 */

static int digit_of(struct span line, const char *key, const char *const *words, size_t n,
		    int first)
{
	const char *at = span_find_nocase(line, span_of(key));
	struct span rest;

	if (!at)
		return -1;
	rest = (struct span) { at + strlen(key), (size_t)(line.p + line.len - at) - strlen(key) };
	for (size_t i = 0; i < n; i++) {
		if (span_has_prefix_nocase(rest, words[i]))
			return (int)i + first;
	}
	return -1;
}

static bool of_lettre(struct span line, int *ret_code)
{
	static const char *const severities[] = { "TransientNegative", "PermanentNegative" };
	static const char *const categories[] = { "Syntax", "Information", "Connections",
						  "Unspecified3", "Unspecified4", "MailSystem" };
	static const char *const details[] = { "Zero", "One", "Two", "Three", "Four", "Five", "Six",
					       "Seven", "Eight", "Nine" };
	int a = digit_of(line, "severity: ", severities, ARRAY_LEN(severities), 4);
	int b = digit_of(line, "category: ", categories, ARRAY_LEN(categories), 0);
	int c = digit_of(line, "detail: ", details, ARRAY_LEN(details), 0);

	*ret_code = a * 100 + b * 10 + c;
	return a > 0 && b >= 0 && c >= 0;
}

bool paste_spelt(struct span line, int *ret_code, struct span *ret_words)
{
	if (of_dotnet(line, ret_code, ret_words))
		return true;
	*ret_words = (struct span) { line.p + line.len, 0 };
	return span_find_nocase(line, SPAN_LITERAL("severity: ")) && of_lettre(line, ret_code);
}
