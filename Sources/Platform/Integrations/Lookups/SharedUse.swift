internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Calls with the installation's own keys, counted over all agencies: what a key's plan allows is shared by them. A
/// row of `shared_uses` for each window, which is the platform's.
struct SharedUseStore<Base: Queryable> {
    let tx: Base

    func calls(of service: String, _ span: TimeSpan, since start: Instant) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT calls FROM shared_uses WHERE tenant_id = \(tx.tenant) AND service = \(service)
                    AND span = \(span.rawValue) AND start = \(start)
                """) ?? 0)
    }
}

extension Queryable {
    var sharedUse: SharedUseStore<Self> { SharedUseStore(tx: self) }
}

extension SharedUseStore where Base == Transaction {
    func add(_ count: Int, of service: String, _ span: TimeSpan, since start: Instant) throws {
        try tx.run(
            """
            INSERT INTO shared_uses (tenant_id, service, span, start, calls)
            VALUES (\(tx.tenant), \(service), \(span.rawValue), \(start), \(max(count, 0)))
            ON CONFLICT (tenant_id, service, span) DO UPDATE
            SET calls = CASE WHEN shared_uses.start = excluded.start
                    THEN CASE WHEN shared_uses.calls + \(count) < 0 THEN 0 ELSE shared_uses.calls + \(count) END
                    ELSE excluded.calls END,
                start = excluded.start
            """)
    }
}

extension IntegrationServices {
    /// Takes one call of what the installation's key may make; answers until when nothing is left where that is so.
    func takeShared(_ connection: SharedConnection) async throws -> Instant? {
        let (limits, service) = (connection.connector.limits, connection.connector.id)
        guard limits.isAny else { return nil }
        return try await platform.database.write(.platform) { tx in
            var full: Instant?
            for span in TimeSpan.allCases {
                guard let limit = limits[span] else { continue }
                let (start, end) = span.bounds(around: tx.now, .utc)
                if try tx.sharedUse.calls(of: service, span, since: start) >= limit {
                    full = max(full ?? end, end)
                }
            }
            if let full { return full }
            try tx.sharedUse.count(1, of: service, limits)
            return nil
        }
    }

    /// Gives back a call that was not made.
    func giveBackShared(_ connection: SharedConnection) async throws {
        let (limits, service) = (connection.connector.limits, connection.connector.id)
        guard limits.isAny else { return }
        try await platform.database.write(.platform) { tx in
            try tx.sharedUse.count(-1, of: service, limits)
        }
    }
}

extension SharedUseStore where Base == Transaction {
    fileprivate func count(_ calls: Int, of service: String, _ limits: ToolLimits) throws {
        for span in TimeSpan.allCases where limits[span] != nil {
            try add(calls, of: service, span, since: span.bounds(around: tx.now, .utc).start)
        }
    }
}

extension ToolLimits {
    fileprivate var isAny: Bool { TimeSpan.allCases.contains { self[$0] != nil } }
}
