package import Database
internal import Nouns
internal import People
package import Records
package import Telemetry

/// The scopes by which the messages of a day are counted: the agency, a sending domain, a mailbox, a contact, an agent.
package enum SendScope {
    static let tenant = "tenant"
    static func domain(_ name: String) -> String { "domain:\(name)" }
    static func mailbox(_ integration: IntegrationID) -> String { "mailbox:\(integration)" }
    static func contact(_ contact: ContactID) -> String { "contact:\(contact)" }
    package static func agent(_ name: String) -> String { "agent:\(name)" }
}

/// Counts of the messages that leave in a day: `tx.sendCounts`.
package struct SendCountStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sendCounts: SendCountStore<Self> { SendCountStore(tx: self) }
}

extension SendCountStore {
    /// Returns how many messages have left today within a scope.
    package func today(_ scope: String, _ zone: TimeZoneRules) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT sent FROM send_counts
                WHERE tenant_id = \(tx.tenant) AND scope = \(scope) AND day = \(zone.day(of: tx.now))
                """) ?? 0)
    }
}

extension SendCountStore where Base == Transaction {
    /// Counts what is about to leave.
    func add(_ message: Message, _ zone: TimeZoneRules) throws {
        let scopes = message.scopes
        if !scopes.isEmpty {
            try tx.run(
                addSent[scopes.count - 1],
                [tx.tenant.sqlValue, zone.day(of: tx.now).sqlValue] + scopes.map(\.sqlValue))
        }
        if message.purpose == .marketing, let domain = message.sender.flatMap({ EmailAddress($0)?.domain }) {
            try tx.sendingDomains.beginWarmUp(of: domain, zone)
        }
    }

    /// Takes back what has been counted and has not left after all; `message` is as it was when it was let go.
    func takeBack(_ message: Message, _ zone: TimeZoneRules) throws {
        for scope in message.scopes {
            try tx.run(
                """
                UPDATE send_counts SET sent = sent - 1
                WHERE tenant_id = \(tx.tenant) AND scope = \(scope) AND day = \(zone.day(of: message.updatedAt))
                    AND sent > 0
                """)
        }
    }
}

extension Message {
    /// Where it counts.
    fileprivate var scopes: [String] {
        var scopes: [String] = []
        if purpose == .marketing {
            scopes.append(SendScope.tenant)
            if let contactID { scopes.append(SendScope.contact(contactID)) }
            if let domain = sender.flatMap({ EmailAddress($0)?.domain }) {
                scopes.append(SendScope.domain(domain))
            }
        }
        if let integrationID { scopes.append(SendScope.mailbox(integrationID)) }
        if let agent { scopes.append(SendScope.agent(agent)) }
        return scopes
    }
}

extension TimeZoneRules {
    package func day(of instant: Instant) -> Int { local(of: instant).date.daysSinceEpoch }

    /// Returns the start of the day after.
    package func nextDay(after instant: Instant) -> Instant {
        firstInstant(atOrAfter: LocalTime(CivilDate(daysSinceEpoch: day(of: instant) + 1), hour: 0))
    }
}

/// By the number of scopes, of which a message has five at most.
private let addSent = (1...5).map { count -> Statement in
    let rows = (0..<count).map { "($1, $\($0 + 3), $2, 1)" }.joined(separator: ", ")
    return Statement(
        """
        INSERT INTO send_counts (tenant_id, scope, day, sent) VALUES \(rows)
        ON CONFLICT (tenant_id, scope, day) DO UPDATE SET sent = send_counts.sent + 1
        """)
}
