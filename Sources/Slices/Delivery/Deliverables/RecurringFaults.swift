internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Faults that reviews find again and again, which become rules of the review.
struct RecurringFault: Sendable {
    /// The deliverables that are looked at, the newest first, and of how many a fault is no accident.
    static let lookedMax = 5, missedMin = 3

    let missed: Int
    let looked: Int

    var isRecurring: Bool { missed >= Self.missedMin }

    init(missed: Int, looked: Int) { (self.missed, self.looked) = (missed, looked) }

    /// The numbers that a decision has kept.
    init?(inputs: JSON) {
        guard let facts = inputs["review_rule"], let missed = facts["missed"]?.int,
            let looked = facts["looked_at"]?.int
        else { return nil }
        self.init(missed: Int(missed), looked: Int(looked))
    }

    var outcome: JSON { ["adopt": .bool(isRecurring)] }

    /// The conclusion about a rule that was proposed because of it.
    func conclusion(about rule: ReviewRule) -> Conclusion {
        let share = Double(missed) / Double(max(1, looked))
        let factor: JSON = [
            "name": "missed", "value": .number(share), "weight": 1, "contribution": .number(share),
        ]
        return Conclusion(
            outcome: outcome, confidence: share,
            factors: [
                factor.saying(
                    "evidence",
                    Saying("evidence.of_all", ["count": .number(missed), "all": .number(looked)]))
            ], model: ["name": "rules", "version": "1"],
            inputs: [
                "review_rule": [
                    "requirement": .string(rule.requirement), "client_id": JSON(rule.clientID),
                    "type": JSON(rule.type), "missed": JSON(missed), "looked_at": JSON(looked),
                ]
            ])
    }
}

/// A review that was made: what it found in a version of a deliverable.
struct PastReview: StoredRow {
    let deliverable: ID<Deliverable>
    let client: ClientID
    let month: String, type: String?
    let score: Double, passes: Bool
    /// The names of factors that failed, and each requirement that was missed.
    let findings: Set<String>, missed: Set<String>

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (deliverable, client) = (row.id("deliverable_id"), row.id("client_id"))
        (month, type) = (row.text("month"), row.optionalText("type"))
        (score, passes) = (row.double("score"), row.bool("passed"))
        let found = JSON(stored: row.text("findings"))
        findings = Set((found["factors"]?.array ?? []).compactMap(\.text))
        missed = Set((found["missed"]?.array ?? []).compactMap(\.text))
    }
}

extension DeliverableStore {
    /// Returns the reviews since a month, in the order of time.
    func reviews(since month: String) throws -> [PastReview] {
        try tx.all(
            """
            SELECT \(PastReview.columns) FROM deliverable_reviews
            WHERE tenant_id = \(tx.tenant) AND month >= \(month) ORDER BY month, at LIMIT 100000
            """, PastReview.init)
    }

    /// Returns what was missed in the last deliverables, by deliverable, the newest first, and of how many clients
    /// these are.
    fileprivate func last(
        where condition: SQL
    ) throws -> (missed: [Set<String>], clients: Int) {
        let rows = try tx.all(
            "SELECT \(PastReview.columns) FROM deliverable_reviews WHERE tenant_id = \(tx.tenant) AND "
                + condition + " ORDER BY at DESC, revision DESC LIMIT 100", PastReview.init)
        var order: [ID<Deliverable>] = [], found: [ID<Deliverable>: Set<String>] = [:]
        var clients: Set<ClientID> = []
        for row in rows {
            if found[row.deliverable] == nil {
                guard order.count < RecurringFault.lookedMax else { break }
                order.append(row.deliverable)
            }
            found[row.deliverable, default: []].formUnion(row.missed)
            clients.insert(row.client)
        }
        return (order.map { found[$0] ?? [] }, clients.count)
    }
}

extension DeliverableStore where Base == Transaction {
    /// Keeps what a review has found, and proposes what was missed again and again as a rule.
    func keep(_ review: QualityReview, of deliverable: Deliverable) throws {
        let findings: JSON = [
            "factors": JSON(review.factors.filter { !$0.passes }.map(\.name)), "missed": JSON(review.missed),
        ]
        let today = try tx.agency.tenant().today(tx.now)
        try tx.run(
            """
            INSERT INTO deliverable_reviews (tenant_id, deliverable_id, revision, client_id, type, month, at, score,
                passed, findings)
            VALUES (\(tx.tenant), \(deliverable.id), \(deliverable.revision), \(deliverable.clientID),
                \(deliverable.type), \(String(today.iso.prefix(7))), \(tx.now), \(review.score),
                \(review.factors.allSatisfy(\.passes) ? 1 : 0), \(findings.serialized))
            ON CONFLICT (tenant_id, deliverable_id, revision) DO NOTHING
            """)
        guard !review.missed.isEmpty else { return }
        let ofClient = try last(where: "client_id = \(deliverable.clientID)")
        for requirement in review.missed {
            try propose(requirement, ofClient.missed, client: deliverable.clientID, type: nil)
        }
        guard let type = deliverable.type else { return }
        let ofType = try last(where: "type = \(type)")
        // A type is judged over several clients: the faults of one say nothing about others.
        guard ofType.clients > 1 else { return }
        for requirement in review.missed { try propose(requirement, ofType.missed, client: nil, type: type) }
    }

    private func propose(
        _ requirement: String, _ past: [Set<String>], client: ClientID?, type: String?
    ) throws {
        let fault = RecurringFault(missed: past.count { $0.contains(requirement) }, looked: past.count)
        guard fault.isRecurring else { return }
        let scope: SQL =
            client.map { "client_id = \($0) AND type IS NULL" } ?? "client_id IS NULL AND type = \(type)"
        // Once proposed, it is for people: what was dismissed does not come again.
        let known = try ReviewRule.resource.first(
            where: "requirement = \(requirement) AND " + scope, suffix: "ORDER BY id LIMIT 1", in: tx)
        guard known == nil else { return }
        var rule = ReviewRule.new(id: tx.nextID(), now: tx.now)
        (rule.requirement, rule.clientID, rule.type) = (requirement, client, type)
        (rule.status, rule.missed, rule.looked) = (.proposed, fault.missed, fault.looked)
        try tx.create(&rule, by: .system)
    }
}

extension AgentRun {
    /// Adopts the rules that reviews have proposed; answers how many.
    func adoptReviewRules(in tx: Transaction) throws -> Int {
        var adopted = 0
        let proposed = try ReviewRule.resource.all(
            where: "status = 'proposed'", suffix: "ORDER BY id LIMIT 100", in: tx)
        for rule in proposed {
            let fault = RecurringFault(missed: rule.missed, looked: rule.looked)
            let made = try decide(in: tx, Subject(rule.id), fault.conclusion(about: rule))
            guard made.isNew, fault.isRecurring,
                try may(
                    "update_record", fault.outcome, permission: "deliverables:write", about: Subject(rule.id),
                    decision: made.id, in: tx)
            else { continue }
            try tx.deliverables.turn(rule, to: .adopted, by: actor)
            adopted += 1
        }
        return adopted
    }
}
