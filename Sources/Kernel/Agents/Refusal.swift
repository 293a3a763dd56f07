package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// Something that was not done, and why: a row of `refusals`. What is refused again for the same reason on the
/// same day is counted, not stored again.
package struct Refusal: StoredRow, Identified {
    package static let idPrefix = "ref", noun = "refusal", table = "refusals"

    package enum Kind: String, CaseIterable, Sendable {
        /// A schedule or an event came, and the agent did not run.
        case run
        /// An agent wanted to change what it may not.
        case action
        /// The gate refused a call of a tool.
        case tool
        /// A decision was made and not acted on.
        case effect
        /// A message between agents could not be handed over.
        case message
        /// A message to a person was held back.
        case send
    }

    package let id: ID<Refusal>
    package let kind: Kind
    package let agent: String?
    package let subject: Subject
    package let code: String, detail: String
    /// The run that was refused something, the last one when there were several.
    package let runID: RunID?
    package let count: Int
    package let createdAt: Instant, updatedAt: Instant

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, kind) = (row.id("id"), Kind(rawValue: row.text("kind")) ?? .action)
        (agent, subject) = (row.optionalText("agent"), row.subject())
        (code, detail, runID) = (row.text("code"), row.text("detail"), row.optionalRunID("run_id"))
        count = row.int("count")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    package var json: JSON {
        [
            "id": JSON(id), "kind": .string(kind.rawValue), "agent": JSON(agent), "subject": subject.json,
            "code": .string(code), "detail": .string(detail), "run_id": JSON(runID), "count": JSON(count),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
        ]
    }
}

extension RefusalStore {
    package func find(_ id: ID<Refusal>) throws -> Refusal? {
        try tx.first(
            "SELECT \(Refusal.columns) FROM refusals WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Refusal.init)
    }
}

extension RefusalStore where Base == Transaction {
    /// Keeps that something was not done. `detail` is for people; `count` says how many times at once.
    package func refuse(
        _ kind: Refusal.Kind, agent: String?, _ subject: Subject, code: String, _ detail: String,
        run: RunID? = nil, count: Int = 1
    ) {
        let day = tx.now.seconds / 86_400
        let fingerprint = "\(day) \(kind.rawValue) \(agent ?? "-") \(code) \(subject.type) \(subject.id)"
        tx.add(count, to: "refusals \(tx.tenant) \(fingerprint)") { count in
            try tx.run(
                storeRefusal,
                [
                    tx.tenant.sqlValue, tx.makeID(Refusal.self).sqlValue, kind.rawValue.sqlValue,
                    agent.sqlValue,
                    subject.type.sqlValue, subject.id.sqlValue, code.sqlValue, detail.sqlValue, run.sqlValue,
                    fingerprint.sqlValue, count.sqlValue, tx.now.sqlValue,
                ])
        }
    }
}

private let storeRefusal = Statement(
    """
    INSERT INTO refusals (tenant_id, id, kind, agent, subject_type, subject_id, code, detail, run_id, fingerprint,
        count, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
    ON CONFLICT (tenant_id, fingerprint) DO UPDATE SET count = refusals.count + excluded.count,
        detail = excluded.detail, run_id = excluded.run_id, updated_at = excluded.updated_at
    """)
