internal import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates

/// The agency's accounts on social networks: `tx.socialAccounts`.
package struct SocialAccountStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var socialAccounts: SocialAccountStore<Self> { SocialAccountStore(tx: self) }
}

extension SocialAccountStore {
    func hasAny(on network: SocialNetwork) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM social_accounts
            WHERE tenant_id = \(tx.tenant) AND network = \(network.rawValue) AND enabled = 1 LIMIT 1
            """)
    }

    /// Returns whether a client, or the agency itself, has an account that is none of these.
    func hasAny(of client: ClientID?, besides known: Set<SocialAccountID>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM social_accounts
            WHERE tenant_id = \(tx.tenant) AND coalesce(client_id, '') = coalesce(\(client), '') AND enabled = 1
                AND id NOT IN \(list: Array(known)) LIMIT 1
            """)
    }

    /// Returns the accounts that have a queue; at most 1,000.
    package func queues() throws -> [SocialAccount] {
        try SocialAccount.resource.all(
            where: "enabled = 1", suffix: "ORDER BY id LIMIT 1000", in: tx
        ).filter { !$0.queue.list.isEmpty }
    }

    /// The integrations by which posts leave.
    func integrations() throws -> [IntegrationID] {
        try tx.all(
            """
            SELECT DISTINCT integration_id FROM social_accounts
            WHERE tenant_id = \(tx.tenant) AND integration_id IS NOT NULL
            """
        ) { IntegrationID($0, 0) }
    }
}

extension SocialAccountStore where Base == Transaction {
    /// Has no other run plan for these accounts meanwhile.
    func lock() throws {
        try tx.run("UPDATE social_accounts SET version = version WHERE tenant_id = \(tx.tenant)")
    }

    /// Has an account wait for somebody to connect it again.
    func losesConnection(_ old: SocialAccount) throws {
        guard old.status == .connected else { return }
        var account = old
        account.status = .needsReconnect
        try tx.update(old, to: &account, by: .system)
        try tx.publish("social_account.needs_reconnect", account.subject, [:])
        try tx.alerts.raise(
            kind: PostAlert.reconnect, severity: .critical, subject: account.subject,
            title: Saying(
                "alert.social_reconnect",
                ["name": .text(account.name), "network": .text(account.network.title)]),
            action: Saying("alert.social_reconnect_do", ["network": .text(account.network.title)]))
    }

    /// Returns the reason of a network's refusal, and whether what was refused may go on: by itself after a while, or
    /// once somebody has connected again an account that the network does not know any more.
    func refusal(
        of id: SocialAccountID, _ failure: ToolFailure, rest: Duration
    ) throws -> (mayGoOn: Bool, reason: Reason) {
        let detail = String(failure.detail.prefix(500))
        if failure.endsAccess {
            if let account = try SocialAccount.resource.find(id, in: tx) { try losesConnection(account) }
            return (true, Reason("needs_reconnect", detail))
        }
        guard failure.isRetryable else { return (false, Reason(failure.code, detail)) }
        return (true, Reason(failure.code, detail, until: tx.now + (failure.retryAfter ?? rest)))
    }

    func regainsConnection(_ old: SocialAccount) throws {
        guard old.status == .needsReconnect else { return }
        var account = old
        account.status = .connected
        try tx.update(old, to: &account, by: .system)
        try tx.alerts.resolve(kind: PostAlert.reconnect, subject: account.subject)
    }
}
