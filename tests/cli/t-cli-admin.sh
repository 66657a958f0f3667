#!/bin/sh
# The script for an administrator only reads, takes any address for what it is, and its report is read back by explain.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

script()
{
	run check --print-admin-script "$@"
	cp "$scratch/out" "$scratch/script.ps1"
}

script --user scan@contoso.com --from alerts@contoso.com
status 0
err_empty
sed -e '/^@HVE@/d' -e 's/@USER@/scan@contoso.com/; s/@FROM@/alerts@contoso.com/; s/@EXO-CLOUD@//; s/@GRAPH-CLOUD@//' "$top/data/admin-script.ps1" >"$scratch/want"
cmp -s "$scratch/want" "$scratch/script.ps1"
say $? "the script is the file of data/, filled in"
cp "$scratch/script.ps1" "$scratch/first"
run check --print-admin-script scan@contoso.com --from alerts@contoso.com -o "$scratch/file.ps1"
cmp -s "$scratch/first" "$scratch/file.ps1"
say $? "the same for an address as the target, into a file"

# Every word of the form Verb-Noun outside of comments and strings is one that reads, and Graph is only asked with GET.
lint()
{
	awk '
		BEGIN {
			n = split("Connect-ExchangeOnline Connect-MgGraph Invoke-MgGraphRequest Select-Object Where-Object ConvertTo-Json Out-Null Get-Date Get-Command Get-Answer " \
				"Get-TransportConfig Get-CASMailbox Get-EXOMailbox Get-Recipient Get-User Get-OrganizationConfig Get-AuthenticationPolicy " \
				"Get-MailboxPermission Get-RecipientPermission Get-ServicePrincipal Get-InboundConnector Get-AcceptedDomain " \
				"Get-DkimSigningConfig Get-BlockedSenderAddress Get-HVEAccountBillingPolicy", w, " ")
			for (i = 1; i <= n; i++) good[w[i]] = 1
		}
		{
			line = $0; plain = ""; q = ""; n = length(line)
			for (i = 1; i <= n; i++) {
				c = substr(line, i, 1)
				if (q != "") {
					if (c != q) continue
					if (substr(line, i + 1, 1) == q) i++
					else q = ""
				} else if (c == "\047" || c == "\"") { q = c; plain = plain " " }
				else if (c == "#") break
				else plain = plain c
			}
			if (q != "") print NR ": a string does not end: " line
			for (i = 1; i <= length(plain); i++) {
				c = substr(plain, i, 1)
				if (index("{[(", c)) stack = stack c
				if (index("}])", c)) {
					if (index("{[(", substr(stack, length(stack))) != index("}])", c)) print NR ": brackets: " line
					stack = substr(stack, 1, length(stack) - 1)
				}
			}
			m = split(plain, t, /[^A-Za-z-]+/)
			for (i = 1; i <= m; i++)
				if (t[i] ~ /^[A-Za-z]+-[A-Za-z]+$/ && !(t[i] in good)) print NR ": not a command that reads: " t[i]
			if (plain ~ /Invoke-MgGraphRequest/ && plain !~ /Invoke-MgGraphRequest -Method GET /) print NR ": not a GET: " line
			if (plain ~ /Invoke-Expression|iex|Start-|`|\[scriptblock\]::/) print NR ": runs what it is given: " line
		}
		END { if (stack != "") print "brackets are open at the end: " stack }' "$1"
}
lint "$scratch/first" >"$scratch/out"
[ ! -s "$scratch/out" ]
say $? "the script only reads, and its quotes and brackets are in pairs"
for wrong in 'Set-Mailbox x' "New-InboundConnector" 'Remove-ServicePrincipal x' 'Add-MailboxPermission x' 'Invoke-MgGraphRequest -Method POST -Uri x' "'open" '{ (' 'Invoke-Expression $x'; do
	{ cat "$scratch/first"; printf '%s\n' "$wrong"; } >"$scratch/broken"
	lint "$scratch/broken" >"$scratch/out"
	[ -s "$scratch/out" ]
	say $? "... and the test would see: $wrong"
done

# An address is text, whatever it looks like.
for user in "o'brien@contoso.com" "a';Remove-Mailbox@x.example" 'a$(calc)@x.example' 'a`n"@x.example' "''''@x.example" 'a@FROM@x.example' 'x#@x.example' '-Verbose@x.example'; do
	script --user "$user" --from "$user" --path high-volume-email
	status 0 "the script for $user"
	lint "$scratch/script.ps1" >"$scratch/lint"
	want="    \$user = '$(printf '%s' "$user" | sed "s/'/''/g")'"
	grep -qxF -e "$want" "$scratch/script.ps1" && [ ! -s "$scratch/lint" ]
	say $? "... has it as one quoted text" "$want"
done
wrong "smtpwhy check: --print-admin-script: which mailbox is it about? Add --user NAME" check --print-admin-script
wrong "smtpwhy check: --user: 'scanner' is no mail address" check --print-admin-script --user scanner
wrong "smtpwhy check: --user: 'b‘x@y.example' has letters other than ASCII, which Windows PowerShell may read as something else; give the sign-in name in ASCII" \
	check --print-admin-script --user 'b‘x@y.example'
wrong "smtpwhy check: --user: 'a b@y.example' has letters other than ASCII, which Windows PowerShell may read as something else; give the sign-in name in ASCII" \
	check --print-admin-script --user 'a b@y.example'

script --user scan@contoso.com --provider m365-gcch
out_has "Connect-ExchangeOnline -ShowBanner:\$false -ExchangeEnvironmentName O365USGovGCCHigh" "the national cloud, Exchange"
out_has "'User.Read.All' -Environment USGov | Out-Null" "the national cloud, Graph"
out_lacks "HVE" "nothing of High Volume Email, unless it is the path"

# Debian has no PowerShell: where there is one, it has a say as well.
if command -v pwsh >/dev/null; then
	pwsh -NoProfile -Command "\$e = \$null; [void][Management.Automation.Language.Parser]::ParseFile('$scratch/first', [ref]\$null, [ref]\$e); exit \$e.Count"
	say $? "PowerShell parses it"
fi

# What it prints is read back. As ConvertTo-Json of PowerShell 5 writes it.
cat >"$scratch/report" <<'EOF'
-----BEGIN SMTPWHY ADMIN REPORT-----
{
    "schema":  "smtpwhy.admin/1",
    "made":  "2026-11-21T02:00:00Z",
    "user":  "scan@contoso.com",
    "from":  "",
    "exo":  {
                "Get-TransportConfig":  {
                                            "value":  {
                                                          "value":  [
                                                                        {
                                                                            "SmtpClientAuthenticationDisabled":  true,
                                                                            "AllowLegacyTLSClients":  null
                                                                        }
                                                                    ],
                                                          "Count":  1
                                                      },
                                            "error":  null
                                        },
                "Get-CASMailbox":  {
                                       "value":  [
                                                     {
                                                         "SmtpClientAuthenticationDisabled":  null
                                                     }
                                                 ],
                                       "error":  null
                                   },
                "Get-InboundConnector":  {
                                             "value":  null,
                                             "error":  "The term \u0027Get-InboundConnector\u0027 is not recognized"
                                         }
            },
    "entra":  {

              }
}
-----END SMTPWHY ADMIN REPORT-----
EOF
run explain "$scratch/report"
status 0
out_has 'SMTP AUTH is switched off for the whole tenant.'
out_has "Get-CASMailbox: blank"
out_has "not read: Get-InboundConnector: The term 'Get-InboundConnector' is"
out_has 'Set-CASMailbox -Identity scan@contoso.com -SmtpClientAuthenticationDisabled $false'
run explain --format json "$scratch/report"
valid explanation "the JSON of an administrator's report is as its schema says"
out_has '"kind": "admin-report"'
out_has '"exo.cas.smtp-auth-disabled": "inherit"'
iconv -f utf-8 -t utf-16 "$scratch/report" >"$scratch/wide"
run explain "$scratch/wide"
out_has 'SMTP AUTH is switched off for the whole tenant.' "a file that PowerShell 5 wrote, in UTF-16"
sed 's/"SmtpClientAuthenticationDisabled":  null/"SmtpClientAuthenticationDisabled":  false/' "$scratch/report" >"$scratch/healthy"
run explain "$scratch/healthy"
status 0 "a healthy report is understood, too"
out_has 'Nothing in what was read stands in the way.'
head -n 12 "$scratch/report" >"$scratch/cut"
run explain "$scratch/cut"
status 1 "a report that is cut off"
out_has "There is an administrator's report in the text, but its end is"

# Tokens of an administrator.
url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
token() { printf '%s.%s.%s' "$(printf '{"typ":"JWT","alg":"RS256"}' | url)" "$(printf '%s' "$1" | url)" "$(printf 'Made-Up-Signature-of-an-Administrator-4714' | url)"; }
lab() { run check --lab admin-healthy --only 'admin.*' "$@"; }
token '{"aud":"https://vault.azure.net","tid":"11111111-2222-3333-4444-555555555555","exp":4000000000}' >"$scratch/other"
token '{"aud":"https://graph.microsoft.com","tid":"11111111-2222-3333-4444-555555555555","exp":1600000000}' >"$scratch/over"
lab --graph-token-file "$scratch/other" --exo-token-file "$scratch/other"
status 3 "tokens for something else"
out_has 'Microsoft Graph wants one of its own:'
out_has 'the token is for https://vault.azure.net, and'
out_lacks "$(cut -d. -f2 "$scratch/other")" "... and not a byte of them"
out_lacks "$(cut -d. -f3 "$scratch/other")" "... nor of their signature"
lab --graph-token-command "cat '$scratch/over'"
out_has 'the token for Microsoft Graph ended' "a token that is over is not even sent"
printf 'opaque-token-of-nobody-4715' >"$scratch/opaque"
lab --graph-token-file "$scratch/opaque" --exo-token-file "$scratch/opaque"
out_has 'does not take the token' "a token that nobody knows"
out_lacks 'opaque-token-of-nobody' "... and not a byte of it"
wrong "smtpwhy check: --graph needs a token: give --graph-token-file FILE, --graph-token-command COMMAND, or SMTPWHY_GRAPH_TOKEN in the environment" \
	check smtp.office365.com:587 --user scan@contoso.com --password-file "$scratch/opaque" --graph </dev/null
wrong "smtpwhy check: --exo needs a token: give --exo-token-file FILE, --exo-token-command COMMAND, or SMTPWHY_EXO_TOKEN in the environment" \
	check smtp.office365.com:587 --exo </dev/null
wrong "smtpwhy check: --graph-token-file and --graph-token-command are both given; which one holds it?" \
	check smtp.office365.com:587 --graph-token-file "$scratch/opaque" --graph-token-command true
wrong "smtpwhy check: cannot read the exo-token from '/nowhere/x': No such file or directory" check smtp.office365.com:587 --exo-token-file /nowhere/x
: >"$scratch/empty"
wrong "smtpwhy check: the graph-token from '$scratch/empty' is empty" check smtp.office365.com:587 --graph-token-file "$scratch/empty"
done_testing
