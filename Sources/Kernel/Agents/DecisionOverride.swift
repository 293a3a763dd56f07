internal import Cryptography
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// The outcome of an agent whose decisions cannot be overridden.
package struct NoOutcome: Declared {
    package init() {}
    package static let schema = Schema<NoOutcome>("NoOutcome", [])
}

/// A person's decision in place of an agent's: in force until the facts about the subject change, or another takes its
/// place. All of them are kept: they are what the agent can learn from.
package struct DecisionOverride: StoredRow {
    package let id: String
    package let subject: Subject
    package let decisionID: DecisionID
    /// The members of the outcome that the person has set.
    package let outcome: JSONObject
    package let reason: String
    package let actor: Actor
    let factsHash: String
    package let createdAt: Instant
    package let endedAt: Instant?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, subject, decisionID) = (row.text("id"), row.subject(), row.id("decision_id"))
        (outcome, reason) = (JSON(stored: row.text("outcome")).object ?? [:], row.text("reason"))
        actor = Actor(Actor.Kind(rawValue: row.text("actor_type")) ?? .user, id: row.text("actor_id"))
        factsHash = row.text("facts_hash")
        (createdAt, endedAt) = (row.instant("created_at"), row.optionalInstant("ended_at"))
    }

    /// As it stands with a decision.
    var json: JSON {
        [
            "outcome": .object(outcome), "reason": .string(reason), "by": actor.json,
            "at": .string(createdAt.description), "decision_id": JSON(decisionID),
        ]
    }
}

extension AgentDefinition {
    func factsHash(of inputs: JSON) -> String {
        Hex.encode(SHA256.hash(facts(in: inputs).canonical.serialized))
    }

    package var canBeOverridden: Bool { Outcome.self != NoOutcome.self }

    /// Puts what a person wants in the place of an agent's own conclusion, and makes it effective. Throws every
    /// fault.
    fileprivate func override(
        _ decision: Decision, with wanted: JSONObject, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        var outcome = Outcome.schema.stored(JSON(stored: decision.outcome).object ?? [:])
        if wanted.isEmpty {
            faults.add("", "required", "outcome is empty: name the members that you decide otherwise.")
        }
        _ = Outcome.schema.patch(&outcome, with: wanted, faults: &faults)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults.list.map(ValueFault.init)) }
        try apply(outcome, to: decision.subject, by: actor, in: tx)
    }

    /// The conclusion of a decision with an override that holds in the place of its members.
    package func outcome(_ own: JSON, overriddenBy override: JSONObject) -> Outcome {
        Outcome.schema.stored(own.merging(.object(override)).object ?? [:])
    }
}

extension DecisionStore {
    /// The override that is in force for a subject.
    func currentOverride(_ agent: String, _ subject: Subject) throws -> DecisionOverride? {
        try tx.first(
            overrideInForce,
            [tx.tenant.sqlValue, agent.sqlValue, subject.id.sqlValue, subject.type.sqlValue],
            DecisionOverride.init)
    }

    /// Returns the number of overrides of an agent's decisions.
    package func correctionCount(of agent: String) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM decision_overrides WHERE tenant_id = \(tx.tenant) AND agent = \(agent)
                """) ?? 0)
    }

    /// Every override of an agent's decisions, in the order they were made, each with the inputs of the decision
    /// that it corrected: the agency's own labels for the agent to learn from.
    package func corrections(
        of agent: String, after id: String = "", limit: Int = 1000
    ) throws -> [(override: DecisionOverride, inputs: JSON)] {
        let overrides = try tx.all(
            """
            SELECT \(DecisionOverride.columns) FROM decision_overrides
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND id > \(id) ORDER BY id LIMIT \(limit)
            """, DecisionOverride.init)
        return try overrides.map { override in
            (override, try find(override.decisionID).map { JSON(stored: $0.inputs) } ?? .null)
        }
    }
}

extension DecisionStore where Base == Transaction {
    /// A person decides otherwise: it is effective at once, and holds until the facts change. The agent's own
    /// outcome stays readable.
    package func overrideDecision(
        _ id: DecisionID, outcome: JSONObject, reason: String, by actor: Actor
    ) throws -> Decision {
        guard let decision = try find(id) else { throw RuntimeError.notFound }
        guard let agent = tx.runtime.agents[decision.agent], agent.canBeOverridden else {
            throw RuntimeError.conflict("Decisions of \(decision.agent) cannot be overridden.")
        }
        let facts = agent.factsHash(of: JSON(stored: decision.inputs))
        // A run that was under way when the person looked may have decided the same anew.
        let newest = try latest(decision.agent, subjectID: decision.subject.id) ?? decision
        guard agent.factsHash(of: JSON(stored: newest.inputs)) == facts else {
            throw RuntimeError.conflict(
                "A newer decision was made on other facts: override \(newest.id) instead.")
        }
        try agent.override(newest, with: outcome, by: actor, in: tx)
        try tx.run(
            endOverrides,
            [
                tx.tenant.sqlValue, agent.name.sqlValue, decision.subject.id.sqlValue,
                decision.subject.type.sqlValue, tx.now.sqlValue,
            ])
        let override = tx.makeID("ovr_")
        try tx.run(
            insertOverride,
            [
                tx.tenant.sqlValue, override.sqlValue, agent.name.sqlValue, decision.subject.type.sqlValue,
                decision.subject.id.sqlValue, id.sqlValue, JSON.object(outcome).serialized.sqlValue,
                reason.sqlValue, actor.kind.rawValue.sqlValue, actor.id.sqlValue,
                facts.sqlValue, tx.now.sqlValue,
            ])
        let stored = try currentOverride(agent.name, decision.subject)
        try tx.run(
            """
            UPDATE decisions SET override = \(stored?.json.serialized), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id IN (\(id), \(newest.id))
            """)
        let subject = Subject(id)
        try tx.auditLog.add(
            actor, "decision.overridden", subject, ["outcome": .object(outcome), "reason": .string(reason)])
        try tx.publish(
            "decision.overridden", subject,
            ["agent": .string(decision.agent), "subject": decision.subject.json])
        return try self.find(id) ?? decision
    }

    /// The facts are others now: the agent has decided anew.
    func end(_ override: DecisionOverride, with decision: DecisionID) throws {
        try tx.run(
            """
            UPDATE decision_overrides SET ended_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(override.id) AND ended_at IS NULL
            """)
        try tx.publish(
            "decision.override_ended", Subject(decision),
            ["overridden": JSON(override.decisionID), "subject": override.subject.json])
    }
}

private let overrideInForce = Statement(
    """
    SELECT \(DecisionOverride.columns) FROM decision_overrides
    WHERE tenant_id = $1 AND agent = $2 AND subject_id = $3 AND subject_type = $4 AND ended_at IS NULL
    """)

private let endOverrides = Statement(
    """
    UPDATE decision_overrides SET ended_at = $5
    WHERE tenant_id = $1 AND agent = $2 AND subject_id = $3 AND subject_type = $4 AND ended_at IS NULL
    """)

private let insertOverride = Statement(
    """
    INSERT INTO decision_overrides (tenant_id, id, agent, subject_type, subject_id, decision_id, outcome, reason,
        actor_type, actor_id, facts_hash, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """)
