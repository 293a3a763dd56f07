package import Database
internal import JSON
internal import Jobs
package import Records
package import Telemetry

/// A tenant's rules for approvals: a row of `approval_policies`.
package struct ApprovalPolicy: Sendable {
    /// Whether two different people have to approve, and nobody may approve their own request.
    package var fourEyes = false
    /// The time after which a request expires that names no time of its own.
    package var expiresIn: Duration = .seconds(3 * 86_400)
    package var version = 1
    package var updatedAt: Instant?
}

extension ApprovalPolicy: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (fourEyes, expiresIn) = (row.bool("four_eyes"), .microseconds(row.int64("expires_in")))
        (version, updatedAt) = (row.int("version"), row.instant("updated_at"))
    }
}

extension ApprovalStore {
    package func policy() throws -> ApprovalPolicy {
        try tx.first(readApprovalPolicy, [tx.tenant.sqlValue], ApprovalPolicy.init) ?? ApprovalPolicy()
    }
}

extension ApprovalStore where Base == Transaction {
    /// Changes how the tenant approves. What waits already keeps the number of people it was asked of.
    package func setPolicy(_ policy: ApprovalPolicy, by actor: Actor) throws -> ApprovalPolicy {
        var policy = policy
        policy.version = try self.policy().version + 1
        policy.updatedAt = tx.now
        try tx.run(
            """
            INSERT INTO approval_policies
                (tenant_id, name, four_eyes, expires_in, version, created_at, updated_at)
            VALUES (\(tx.tenant), 'standard', \(policy.fourEyes), \(policy.expiresIn.microseconds),
                \(policy.version), \(tx.now), \(tx.now))
            ON CONFLICT (tenant_id, name) DO UPDATE SET four_eyes = excluded.four_eyes,
                expires_in = excluded.expires_in, version = excluded.version, updated_at = excluded.updated_at
            """)
        let subject = Subject(type: "approval_policy", id: tx.tenant.rawValue)
        try tx.auditLog.add(
            actor, "approval_policy.updated", subject,
            ["four_eyes": .bool(policy.fourEyes), "expires_in": .string(policy.expiresIn.iso8601)])
        return policy
    }
}

private let readApprovalPolicy = Statement(
    """
    SELECT \(ApprovalPolicy.columns) FROM approval_policies
    WHERE tenant_id = $1 AND name = 'standard'
    """)
