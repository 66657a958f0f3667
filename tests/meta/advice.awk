# advice - looks through what people are told to type: is it a PowerShell command that exists, with parameters that it has, and is it safe
# to follow? Reads tests/data/cmdlets.tsv first, then tables of data/ or any text. Prints a line for each offence: "FILE:LINE: what".
#
# A command begins at a word "Verb-Noun" and ends at "|", ";", " :: ", " || " or a tab; what begins with "-" in it is a parameter.

BEGIN {
	FS = "\t"
	verbs = "Add|Connect|Disable|Enable|Export|Get|Grant|Import|Invoke|New|Release|Remove|Revoke|Set|Start|Test|Update"
	common["-erroraction"] = common["-whatif"] = common["-verbose"] = 1	# of every cmdlet: about_CommonParameters
}

# A function of a script's own.
match($0, /^[ \t]*function +[A-Z][a-z]+-[A-Z][A-Za-z]*/) {
	defined = substr($0, RSTART, RLENGTH)
	sub(/.* /, "", defined)
	ours[defined] = 1
}

function offence(what) { print FILENAME ":" FNR ": " what }

# tests/data/cmdlets.tsv: name, parameters, source
FILENAME ~ /cmdlets\.tsv$/ {
	if (/^#/ || $1 == "cmdlet")
		next
	if ($3 == "" || $3 == "-")
		offence($1 " has no source")
	known[$1] = 1
	n = split($2, parameter, ",")
	for (i = 1; i <= n; i++)
		has[$1, tolower(parameter[i])] = 1
	next
}

/^#/ && FILENAME ~ /\.tsv$/ { next }

# One command: the cmdlet and what follows it.
function command(text,  word, n, i, name) {
	n = split(text, word, /[ ,()"']+/)
	name = word[1]
	sub(/[.:]$/, "", name)
	if (name in ours)
		return
	if (!(name in known)) {
		offence(name " is not in tests/data/cmdlets.tsv")
		return
	}
	for (i = 2; i <= n; i++) {
		if (word[i] !~ /^-[A-Za-z]/ || word[i] ~ /^-(eq|ne|like|match|and|or|not|contains|f|join)$/)
			continue
		sub(/[:.].*/, "", word[i])
		if (tolower(word[i]) in common)
			continue
		if (!((name, tolower(substr(word[i], 2))) in has))
			offence(name " has no parameter " word[i])
	}
}

function commands(text,  rest) {
	gsub(/https?:[^ ;\t]*/, "", text)
	while (match(text, "(^|[^A-Za-z-])(" verbs ")-[A-Z][A-Za-z]+")) {
		text = substr(text, RSTART)
		sub(/^[^A-Za-z]/, "", text)
		rest = text
		sub(/ :: .*| \|\| .*|[|;\t].*/, "", rest)
		command(rest)
		sub(/^[A-Za-z]+-[A-Za-z]+/, "", text)
	}
}

# Never, wherever it stands.
function never(text, re, why) { if (text ~ re) offence(why) }

function dangers(text) {
	never(text, "InboundConnector [^|;\t]*-SenderDomains +['\"]?(smtp:)?\\*['\"]?([ ;|,]|$)", "a connector for every sender domain: who shares the address may relay")
	never(text, "-RestrictDomainsTo(IPAddresses|Certificate) +\\$true[^|;\t]*-SenderDomains +['\"]?\\*['\"]?([ ;|]|$)", "refuses all other mail of the tenant")
	never(text, "-Confirm:\\$false", "takes away the question before a change")
	never(text, "-TlsSettings +EncryptionOnly|-SkipCertificateCheck|ServerCertificateValidationCallback|curl [^|;\t]*(-k|--insecure)( |$)|verify=none|tls_certcheck off|CERT_NONE|rejectUnauthorized: *false", "turns the check of certificates off")
	never(text, "Get-(EXO)?(CAS)?(Mailbox|User)( -ResultSize [A-Za-z]+)? *\\| *Set-", "changes every mailbox at once")
	never(text, "Set-ExecutionPolicy", "loosens what PowerShell may run")
	if (text ~ /Add-ADPermission[^|;\t]*Accept-Any-Recipient/ && text !~ /RemoteIPRanges/)
		offence("a receive connector that relays, open to any address")
}

# Not as the first thing to do: what weakens a whole organisation or opens something to everybody.
function first_step(text) {
	if (text ~ /Set-TransportConfig -SmtpClientAuthenticationDisabled \$false/ ||
	    text ~ /-RejectDirectSend \$false/ || text ~ /-RequireSenderAuthenticationEnabled:? ?\$false/ ||
	    text ~ /-(SmtpDaneMode|MtaStsMode) None/ || text ~ /-DefaultAuthenticationPolicy/ ||
	    text ~ /-AutoForwardingMode On/ || text ~ /-AllowBasicAuthSmtp/ ||
	    tolower(text) ~ /((disable|turn off|switch off) (the )?security defaults|security defaults :: [^|]*(disable|turn off|switch off))/)
		offence("the first step weakens the whole organisation: " substr(text, 1, 60) " ...")
}

{
	commands($0)
	dangers($0)
	if (FILENAME !~ /\.tsv$/)
		next
	for (cell = 1; cell <= NF; cell++)
		if ($cell ~ / :: /) {
			first = $cell
			sub(/ \|\| .*/, "", first)
			first_step(first)
		}
}
