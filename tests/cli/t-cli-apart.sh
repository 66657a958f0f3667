#!/bin/sh
# What tells causes apart, as it is told by check and by explain: in words and as data.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

run check --lab password-no-reason --no-progress
status 1
out_has 'To tell     1. Sign in once at https://outlook.office.com' 'what costs nothing comes first'
out_has '            -v shows more: steps, how to see that it worked, sources, tests'
out_lacks 'To decide' 'nothing is told twice'
out_lacks 'CLIENT_ID' 'what costs more is for -v'
run check --lab password-no-reason --no-progress -v
out_has 'To tell them apart, the cheapest first'
out_has '            1. Sign in once at https://outlook.office.com'
out_has 'smtpwhy check smtp.office365.com:587 --user scan@contoso.com --password-file PASSWORD_FILE' 'commands are whole'
out_has '(For a Reports Reader.)' 'what needs an administrator is there, and says so'
out_has 'Unknowable  - It isn'\''t possible to tell from '
out_has 'smtpwhy token get --flow device --tenant contoso.com --client-id CLIENT_ID --user scan@contoso.com'
out_has 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes' '-v names the sources'

run check --lab tenant-disabled --no-progress
out_lacks 'To tell ' 'what is certain needs no test'
run check --lab tenant-disabled --no-progress -v
out_has 'Unknowable  - It isn'\''t possible to tell from outside who switched it off' 'what it leaves open is said all the same'
out_has '- Policy: since January 2020 new organisations begin with SMTP AUTH' 'a date explains; the reply decides'

run check --lab password-no-reason --no-progress --format json
valid report 'the report is as its schema says'
out_has '"tell_apart": ['
out_has '"decides": '
run check --lab healthy --no-progress --format json
valid report 'a good one, too'
out_has '"tell_apart": []'

printf '535 5.7.3 Authentication unsuccessful\n' >"$scratch/reply"
run explain -v "$scratch/reply"
out_has 'AUTH XOAUTH2 an OAuth token' 'a pasted reply: password or token?'
run explain --format json "$scratch/reply"
valid explanation 'the explanation is as its schema says'
out_has '"next_blockers": [' 'what comes next is data, too'
done_testing
