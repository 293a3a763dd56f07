internal import Database
internal import JSON
internal import People
internal import Records
internal import Templates
internal import Tenancy

/// The counts of a domain's emails over several days: sent, bounced and reported as spam.
struct DomainMetrics: Equatable, Sendable {
    var sent = 0, bounced = 0, complained = 0

    /// Fewer say nothing.
    private static let sentMin = 20

    private var bounceRate: Double { sent == 0 ? 0 : Double(bounced) / Double(sent) }
    private var complaintRate: Double { sent == 0 ? 0 : Double(complained) / Double(sent) }

    /// The health that receivers will soon see in the domain, by which its sending is limited now; with the reason for
    /// a limit.
    var health: (SendingDomain.Health, reason: Saying?) {
        guard sent >= Self.sentMin else { return (.ok, nil) }
        // In whole numbers: a limit is met when it is reached.
        func reaches(_ count: Int, perMille: Int) -> Bool { count * 1000 >= sent * perMille }
        func reason(_ health: SendingDomain.Health) -> Saying {
            Saying(
                "domain.health",
                [
                    "health": .text(health.rawValue), "sent": .number(sent), "bounced": .number(bounced),
                    "complained": .number(complained),
                ])
        }
        if reaches(bounced, perMille: 50) || reaches(complained, perMille: 3) {
            return (.stopped, reason(.stopped))
        }
        if reaches(bounced, perMille: 20) || reaches(complained, perMille: 1) {
            return (.slow, reason(.slow))
        }
        return (.ok, nil)
    }

    var json: JSON {
        func rounded(_ rate: Double) -> JSON { .number((rate * 10_000).rounded() / 10_000) }
        return [
            "days": 30, "sent": JSON(sent), "bounced": JSON(bounced), "complained": JSON(complained),
            "bounce_rate": rounded(bounceRate), "complaint_rate": rounded(complaintRate),
        ]
    }
}

enum DomainCount: String { case sent, bounced, complained }

extension SendingDomainStore {
    /// Returns the metrics of a domain for the last days, today included.
    func figures(of domain: String, days: Int, _ zone: TimeZoneRules) throws -> DomainMetrics {
        try tx.first(
            """
            SELECT coalesce(sum(sent), 0), coalesce(sum(bounced), 0), coalesce(sum(complained), 0) FROM domain_counts
            WHERE tenant_id = \(tx.tenant) AND domain = \(domain) AND day > \(zone.day(of: tx.now) - days)
            """
        ) { DomainMetrics(sent: $0.int(0), bounced: $0.int(1), complained: $0.int(2)) } ?? DomainMetrics()
    }

    /// Days before today on which marketing left from a domain, since one.
    func sendingDays(of domain: String, since day: Int, _ zone: TimeZoneRules) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM send_counts
                WHERE tenant_id = \(tx.tenant) AND scope = \(SendScope.domain(domain)) AND day >= \(day)
                    AND day < \(zone.day(of: tx.now)) AND sent > 0
                """) ?? 0)
    }
}

extension SendingDomainStore where Base == Transaction {
    /// Notes what came of a mail of ours, and what follows for the domain that it is from.
    func count(_ what: DomainCount, of message: Message, _ known: Tenant? = nil) throws {
        guard message.channel == .email, let domain = message.sender.flatMap({ EmailAddress($0)?.domain })
        else {
            return
        }
        let zone = TimeZoneRules(named: try (known ?? tx.agency.tenant()).timeZone) ?? .utc
        func one(_ other: DomainCount) -> Int { what == other ? 1 : 0 }
        try tx.run(
            """
            INSERT INTO domain_counts (tenant_id, domain, day, sent, bounced, complained)
            VALUES (\(tx.tenant), \(domain), \(zone.day(of: tx.now)), \(one(.sent)), \(one(.bounced)), \(one(.complained)))
            ON CONFLICT (tenant_id, domain, day) DO UPDATE SET sent = domain_counts.sent + excluded.sent,
                bounced = domain_counts.bounced + excluded.bounced,
                complained = domain_counts.complained + excluded.complained
            """)
        if what != .sent, let record = try find(domain) { try judge(record) }
    }
}
