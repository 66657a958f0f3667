#!/bin/sh
# What people are told to type: every cmdlet exists with the parameters used, and no command is dangerous to follow.
. "$(dirname "$0")/lib.sh"

advice() { awk -f tests/meta/advice.awk tests/data/cmdlets.tsv "$@"; }

grep -hoE '(Add|Get|New|Remove|Set|Start|Test|Update)-[A-Z][A-Za-z]+ -[A-Z]' $tables >"$scratch/commands"
some 'the tables name PowerShell commands with parameters' 40 "$scratch/commands"

# The control: each line of the sample has one fault, and each is found.
grep -v '^#' tests/data/bad-advice.tsv >"$scratch/bad-advice.tsv"
some 'there are samples of bad advice' 15 "$scratch/bad-advice.tsv"
advice "$scratch/bad-advice.tsv" | sed 's/^[^:]*:\([0-9]*\):.*/\1/' | sort -un >"$scratch/found"
awk 'NR == FNR { found[$1] = 1; next } !(FNR in found) { print "not found: " $0 }' "$scratch/found" "$scratch/bad-advice.tsv" |
	none 'each of the samples of bad advice is found'

advice $tables data/admin-script.ps1 README.md doc/smtpwhy.1 doc/HACKING.md | none 'every command exists, and none is dangerous'

# Each kind of recipient has a cmdlet of its own (Set-DistributionGroup does not take a mailbox): a row that knows the kind uses that one.
awk -F'\t' '
	BEGIN {
		cmdlet["The mailbox accepts|The mailbox takes"] = "Set-Mailbox"; cmdlet["The mail user "] = "Set-MailUser"
		cmdlet["The public folder "] = "Set-MailPublicFolder"; cmdlet["The Microsoft 365 group "] = "Set-UnifiedGroup"
		cmdlet["The group "] = "Set-DistributionGroup"
	}
	/^#/ || $2 != "m365" || $7 != "recipient-restricted" { next }
	{
		says = NF > 16 && $17 != "-" ? $17 : $9
		for (kind in cmdlet)
			if (says ~ kind && !index($10, cmdlet[kind] " -Identity {to} ")) print $1 ": its fix does not use " cmdlet[kind]
		seen += says ~ /^The (mailbox|mail user|public folder|Microsoft 365 group|group) /
	}
	END { if (seen < 8) print "only " seen + 0 " rows know the kind of recipient" }' data/error-codes.tsv |
	none 'who restricts a recipient is told the cmdlet of that kind of recipient'

# Click paths as the page shows them today: since 2025 everything of Entra ID stands below that word.
grep -rnoE "Entra admin center > [A-Z][A-Za-z &]*" src checks data doc README.md | grep -vE '> (Entra ID|ID Protection) *$' |
	none 'paths in the Entra admin center begin with Entra ID or ID Protection'

# The contract names the roles there are.
column=$(awk -F'\t' '!/^#/ && $1 != "id" { print $1 }' data/roles.tsv | sort)
echo "$column" >"$scratch/roles"
some 'there are roles' 10 "$scratch/roles"
for schema in report explanation send token summary; do
	tr -d '\n\t ' <doc/$schema.schema.json | grep -oE '"role":\{"enum":\[[^]]*' | while read -r enum; do
		echo "${enum#*[}" | tr ',' '\n' | tr -d '"' | grep -vx null | sort | cmp -s - "$scratch/roles" || echo "$schema: a role in the schema is not as in data/roles.tsv"
	done
	grep -q '"role"' doc/$schema.schema.json || echo "$schema: no role"
done | none 'the schemas name the roles of data/roles.tsv'

done_testing
