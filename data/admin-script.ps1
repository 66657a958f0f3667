# What decides whether this mailbox can send mail through Microsoft 365: a report for smtpwhy, made by an administrator.
#
# It only reads. It connects, asks with Get- commands and GET requests, and prints what it was told; nothing is changed, nothing is
# stored, nothing is sent anywhere but to Microsoft. No passwords or tokens are in the report; names of policies, connectors, domains
# and of those who have rights on the mailbox are.
#
# Run it in PowerShell 7 or Windows PowerShell 5.1 with the module ExchangeOnlineManagement (3.0 or later). Global Reader, or View-Only
# Organization Management, is enough. With the module Microsoft.Graph.Authentication it also reads the sign-in log and the policies
# of Entra ID (AuditLog.Read.All, Policy.Read.All, User.Read.All); without it that part is left out.
#
# Then hand the lines between BEGIN and END, these two included, to:  smtpwhy explain FILE
& {
    $ErrorActionPreference = 'Stop'
    $user = '@USER@'
    $from = '@FROM@'

    function Get-Answer([scriptblock]$Command, [string[]]$Property)
    {
        try {
            $rows = @(& $Command | Select-Object -Property $Property)
            [ordered]@{ value = $rows; error = $null }
        } catch {
            [ordered]@{ value = $null; error = [string]$_.Exception.Message }
        }
    }

    if (-not (Get-Command -Name Get-TransportConfig -ErrorAction SilentlyContinue)) {
        Connect-ExchangeOnline -ShowBanner:$false@EXO-CLOUD@
    }

    $exo = [ordered]@{}
    # The switch of SMTP AUTH: the organisation's, and the mailbox's own, which wins (blank: it follows the organisation's).
    $exo['Get-TransportConfig'] = Get-Answer { Get-TransportConfig -ErrorAction Stop } SmtpClientAuthenticationDisabled, AllowLegacyTLSClients
    $exo['Get-CASMailbox'] = Get-Answer { Get-CASMailbox -Identity $user -ErrorAction Stop } SmtpClientAuthenticationDisabled
    # The mailbox: is there one, which kind, which addresses.
    $exo['Get-EXOMailbox'] = Get-Answer { Get-EXOMailbox -Identity $user -PropertySets All -ErrorAction Stop } RecipientTypeDetails, PrimarySmtpAddress,
        UserPrincipalName, EmailAddresses, SKUAssigned, MaxSendSize, RecipientLimits
    $exo['Get-Recipient'] = Get-Answer { Get-Recipient -Identity $user -ErrorAction Stop } RecipientTypeDetails, PrimarySmtpAddress
    # Policies that forbid a password.
    $exo['Get-User'] = Get-Answer { Get-User -Identity $user -ErrorAction Stop } AuthenticationPolicy, AccountDisabled
    $exo['Get-OrganizationConfig'] = Get-Answer { Get-OrganizationConfig -ErrorAction Stop } DefaultAuthenticationPolicy, RejectDirectSend, SendFromAliasEnabled
    $exo['Get-AuthenticationPolicy'] = Get-Answer { Get-AuthenticationPolicy -ErrorAction Stop } Name, AllowBasicAuthSmtp
    # Who may use the mailbox, and send as the From address.
    $exo['Get-MailboxPermission'] = Get-Answer { Get-MailboxPermission -Identity $user -ErrorAction Stop } User, AccessRights, Deny
    if ($from -ne '' -and $from -ne $user) {
        $exo['Get-RecipientPermission'] = Get-Answer { Get-RecipientPermission -Identity $from -ErrorAction Stop } Trustee, AccessRights
    }
    $exo['Get-ServicePrincipal'] = Get-Answer { Get-ServicePrincipal -ErrorAction Stop } DisplayName, AppId, ObjectId, Sid
    # Mail without a login: connectors, domains, blocks.
    $exo['Get-InboundConnector'] = Get-Answer { Get-InboundConnector -ErrorAction Stop } Name, Enabled, ConnectorType, SenderDomains, SenderIPAddresses,
        TlsSenderCertificateName, RequireTls, RestrictDomainsToIPAddresses, RestrictDomainsToCertificate
    $exo['Get-AcceptedDomain'] = Get-Answer { Get-AcceptedDomain -ErrorAction Stop } Name, DomainName, DomainType
    $exo['Get-DkimSigningConfig'] = Get-Answer { Get-DkimSigningConfig -ErrorAction Stop } Domain, Enabled, Status
    $exo['Get-BlockedSenderAddress'] = Get-Answer { Get-BlockedSenderAddress -ErrorAction Stop } SenderAddress, Reason
@HVE@    # High Volume Email: is it paid for?
@HVE@    $exo['Get-HVEAccountBillingPolicy'] = Get-Answer { Get-HVEAccountBillingPolicy -Identity $user -ErrorAction Stop } BillingPolicyStatus

    $entra = [ordered]@{}
    if (Get-Command -Name Connect-MgGraph -ErrorAction SilentlyContinue) {
        Connect-MgGraph -Scopes 'AuditLog.Read.All', 'Policy.Read.All', 'User.Read.All'@GRAPH-CLOUD@ | Out-Null
        $invariant = [Globalization.CultureInfo]::InvariantCulture
        $since = (Get-Date).ToUniversalTime().AddDays(-2).ToString('yyyy-MM-ddTHH:mm:ssZ', $invariant)
        $name = $user.ToLowerInvariant().Replace("'", "''")
        $filter = "userPrincipalName eq '$name' and clientAppUsed eq 'Authenticated SMTP' and createdDateTime ge $since"
        # v1.0 lists the interactive sign-ins alone; a login over SMTP may stand among the others, which only beta lists.
        $others = $filter + " and signInEventTypes/any(t: t eq 'nonInteractiveUser')"
        $ask = [ordered]@{
            signIns          = '/v1.0/auditLogs/signIns?$top=25&$filter=' + [uri]::EscapeDataString($filter)
            signInsOther     = '/beta/auditLogs/signIns?$top=25&$filter=' + [uri]::EscapeDataString($others)
            securityDefaults = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy'
            policies         = '/v1.0/identity/conditionalAccess/policies'
            user             = '/v1.0/users/' + [uri]::EscapeDataString($user) + '?$select=id,accountEnabled,userPrincipalName,assignedPlans'
        }
        foreach ($what in $ask.Keys) {
            try {
                $entra[$what] = [ordered]@{ value = (Invoke-MgGraphRequest -Method GET -Uri $ask[$what]); error = $null }
            } catch {
                $entra[$what] = [ordered]@{ value = $null; error = [string]$_.Exception.Message }
            }
        }
        # Both lists become one. A list that could not be read stays by itself, with its error.
        if (-not $entra['signIns'].error -and -not $entra['signInsOther'].error) {
            $first = $entra['signIns'].value
            $second = $entra['signInsOther'].value
            $more = @($first['@odata.nextLink'], $second['@odata.nextLink']) | Where-Object { $_ } | Select-Object -First 1
            $entra['signIns'].value = [ordered]@{
                '@odata.nextLink' = $more
                value             = @(@($first['value']) + @($second['value']) | Where-Object { $_ })
            }
            $entra.Remove('signInsOther')
        }
    }

    $report = [ordered]@{
        schema = 'smtpwhy.admin/1'
        made   = (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
        user   = $user
        from   = $from
        exo    = $exo
        entra  = $entra
    }
    '-----BEGIN SMTPWHY ADMIN REPORT-----'
    ConvertTo-Json -InputObject $report -Depth 12
    '-----END SMTPWHY ADMIN REPORT-----'
}
