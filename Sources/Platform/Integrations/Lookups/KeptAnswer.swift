package import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// The answer of a service to a question: one row of `kept_answers`.
struct KeptAnswer: StoredRow {
    let value: JSON
    let askedAt: Instant
    let lifetime: Duration
    let isFirm: Bool

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        value = JSON(stored: row.text("answer"))
        (askedAt, isFirm) = (row.instant("asked_at"), row.int("is_firm") == 1)
        lifetime = .microseconds(row.int64("lifetime"))
    }

    /// `cacheFor`: how long the agency wants such answers kept.
    func answer(_ cacheFor: Duration?) -> ServiceAnswer {
        let time = isFirm ? cacheFor ?? lifetime : min(cacheFor ?? lifetime, lifetime)
        return ServiceAnswer(value: value, askedAt: askedAt, freshUntil: askedAt.end(of: time), isKept: true)
    }
}

/// Answers of services: `tx.keptAnswers`.
package struct KeptAnswerStore<Base: Queryable> {
    let tx: Base

    func find(_ kind: String, _ key: String, by service: String) throws -> KeptAnswer? {
        try tx.first(
            findAnswer, [tx.tenant.sqlValue, kind.sqlValue, key.sqlValue, service.sqlValue], KeptAnswer.init)
    }
}

extension KeptAnswerStore {
    /// Returns what is kept and fresh, the firmest and newest first, each with the service whose word it is.
    package func fresh(_ kind: String, _ key: String) throws -> [(service: String, answer: ServiceAnswer)] {
        let rows = try tx.all(
            """
            SELECT service, answer, asked_at, lifetime, is_firm FROM kept_answers
            WHERE tenant_id = \(tx.tenant) AND kind = \(kind) AND key = \(key)
            ORDER BY is_firm DESC, asked_at DESC, service
            """
        ) { row in
            (
                service: row.text(0),
                answer: ServiceAnswer(
                    value: JSON(stored: row.text(1)), askedAt: row.instant(2),
                    freshUntil: row.instant(2).end(of: .microseconds(row.int64(3))), isKept: true)
            )
        }
        return rows.filter { !$0.answer.isStale(at: tx.now) }
    }
}

extension Queryable {
    package var keptAnswers: KeptAnswerStore<Self> { KeptAnswerStore(tx: self) }
}

package extension KeptAnswerStore where Base == Transaction {
    /// `cacheFor`: how long the agency wants such answers kept.
    internal func keep(
        _ reply: ServiceReply, to question: ServiceQuestion, by service: String, _ cacheFor: Duration?
    ) throws {
        let lifetime =
            reply.isFirm ? cacheFor ?? reply.lifetime : min(cacheFor ?? reply.lifetime, reply.lifetime)
        try tx.run(
            keepAnswer,
            [
                tx.tenant.sqlValue, question.kind.sqlValue, question.key.sqlValue, service.sqlValue,
                reply.value.serialized.sqlValue, tx.now.sqlValue, lifetime.microseconds.sqlValue,
                (reply.isFirm ? 1 : 0).sqlValue,
            ])
    }

    /// Takes away what services have said of something, such as a person's address; how many answers there were.
    @discardableResult
    func forget(_ kind: String, _ keys: [String]) throws -> Int {
        guard !keys.isEmpty else { return 0 }
        return try tx.run(
            "DELETE FROM kept_answers WHERE tenant_id = \(tx.tenant) AND kind = \(kind) AND key IN \(list: keys)"
        )
    }

    /// Notes that an answer is still of use: once a day is enough.
    internal func noteUse(of question: ServiceQuestion, by service: String) throws {
        try tx.run(
            """
            UPDATE kept_answers SET used_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND kind = \(question.kind) AND key = \(question.key)
                AND service = \(service) AND used_at < \(tx.now - .seconds(86_400))
            """)
    }
}

/// Removes answers that are of no use any more: those that nobody has needed for half a year.
enum AnswerRetention {
    static let time: Duration = .seconds(180 * 86_400)
    private static let batch = 1000

    static func due(in reader: Reader) throws -> Instant? {
        try reader.first(
            "SELECT used_at FROM kept_answers WHERE tenant_id = \(reader.tenant) ORDER BY used_at LIMIT 1"
        ) { $0.instant(0) + time }
    }

    static func remove(in tx: Transaction) throws {
        let old = try tx.all(
            """
            SELECT kind, key, service FROM kept_answers
            WHERE tenant_id = \(tx.tenant) AND used_at <= \(tx.now - time) ORDER BY used_at LIMIT \(batch)
            """
        ) { ($0.text(0), $0.text(1), $0.text(2)) }
        for (kind, key, service) in old {
            try tx.run(
                """
                DELETE FROM kept_answers WHERE tenant_id = \(tx.tenant) AND kind = \(kind) AND key = \(key)
                    AND service = \(service)
                """)
        }
    }
}

private let findAnswer = Statement(
    """
    SELECT \(KeptAnswer.columns) FROM kept_answers
    WHERE tenant_id = $1 AND kind = $2 AND key = $3 AND service = $4
    """)

private let keepAnswer = Statement(
    """
    INSERT INTO kept_answers (tenant_id, kind, key, service, answer, asked_at, used_at, lifetime, is_firm)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
    ON CONFLICT (tenant_id, kind, key, service) DO UPDATE SET answer = excluded.answer,
        asked_at = excluded.asked_at, used_at = excluded.used_at, lifetime = excluded.lifetime,
        is_firm = excluded.is_firm
    """)
