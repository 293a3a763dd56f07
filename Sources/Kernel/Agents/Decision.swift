internal import Cryptography
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry
package import Wording

/// An agent's conclusion about a subject, with all that led to it: a row of `decisions`. Documents are JSON texts.
package struct Decision: StoredRow {
    package let id: DecisionID, agent: String
    /// The run, or what stands in a run's place where it was concluded on the spot.
    package let occasion: String
    package let subject: Subject
    package let outcome: String
    /// The agent's confidence in the outcome, from 0 to 1.
    package let confidence: Double
    package let factors: String, model: String
    /// The inputs from which the conclusion was drawn; with them the decision can be replayed.
    package let inputs: String, inputsHash: String
    package let configurationVersion: Int
    /// `{outcome, reason, by, at}` when a person has decided otherwise, about this or about an earlier decision
    /// with the same facts.
    package let override: String?
    /// The override that ended with this decision, because the facts had changed.
    package let endedOverride: String?
    /// `{experiment_id, name}` when the subject took part in an experiment.
    package let variant: String?
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (id, agent, occasion) = (row.id("id"), row.text("agent"), row.text("run_id"))
        subject = row.subject()
        (outcome, confidence) = (row.text("outcome"), row.double("confidence"))
        let papers = DecisionPapers(factors: row.text("factors"), inputs: row.text("inputs"))
        (model, inputsHash) = (row.text("model"), row.text("inputs_hash"))
        configurationVersion = row.int("configuration_version")
        (override, version) = (row.optionalText("override"), row.int("version"))
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
        (endedOverride, variant) = (row.optionalText("ended_override"), row.optionalText("variant"))
        let whole = try row.optionalBlob("papers").map(DecisionPapers.init(packed:)) ?? papers
        (factors, inputs) = (whole.factors, whole.inputs)
    }

    /// Writes the decision for whoever reads it: its sentences in their words, or without a reader in English.
    package func write(
        into writer: inout JSONWriter, for reader: (words: Wording, zone: TimeZoneRules)? = nil
    ) {
        write(into: &writer, for: reader, (outcome, factors: factors, model: model))
    }

    /// Writes the decision with documents that have sayings in the place of its own.
    func write(
        into writer: inout JSONWriter, for reader: (words: Wording, zone: TimeZoneRules)?,
        _ documents: (outcome: String, factors: String, model: String)
    ) {
        writer.beginObject()
        writer.member("id", JSON(id))
        writer.member("agent", .string(agent))
        writer.member("run_id", .string(occasion))
        writer.member("subject", subject.json)
        writer.key("outcome")
        writer.raw(Self.spoken(documents.outcome, in: reader).utf8)
        writer.member("confidence", .number(confidence))
        writer.key("factors")
        writer.raw(Self.spoken(documents.factors, in: reader).utf8)
        writer.key("model")
        writer.raw(Self.spoken(documents.model, in: reader).utf8)
        writer.member("config_version", JSON(configurationVersion))
        writer.key("override")
        writer.raw((override ?? "null").utf8)
        writer.key("ended_override")
        writer.raw((endedOverride ?? "null").utf8)
        writer.key("variant")
        writer.raw((variant ?? "null").utf8)
        writer.member("version", JSON(version))
        writer.member("created_at", .string(createdAt.description))
        writer.member("updated_at", .string(updatedAt.description))
        writer.endObject()
    }
}

/// A conclusion before it is stored.
package struct Conclusion: Sendable {
    package var outcome: JSON
    package var confidence: Double
    /// `[{name, value, weight, contribution, evidence}]`
    package var factors: JSON
    /// `{name, version}`
    package var model: JSON
    package var inputs: JSON
    /// `{experiment_id, name, settings}` when the subject takes part in an experiment; the settings are kept so
    /// that the decision can be replayed.
    package var variant: JSON?

    package init(outcome: JSON, confidence: Double, factors: JSON = [], model: JSON, inputs: JSON) {
        (self.outcome, self.confidence, self.factors) = (outcome, confidence, factors)
        (self.model, self.inputs) = (model, inputs)
    }
}

package struct MadeDecision: Hashable, Sendable {
    package let id: DecisionID
    /// False when this run has decided about the subject before, in an attempt that did not come to its end:
    /// its effects are there already.
    package let isNew: Bool
    /// A person's earlier decision that still holds: members that take the place of the conclusion's own.
    package var override: JSONObject?
}

extension DecisionStore {
    package func find(_ id: DecisionID) throws -> Decision? {
        try tx.first(
            "SELECT \(Decision.columns) FROM decisions WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Decision.init)
    }

    /// The newest decision of an agent about a subject.
    package func latest(_ agent: String, subjectID: some Key) throws -> Decision? {
        try tx.first(
            """
            SELECT \(Decision.columns) FROM decisions
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subjectID.keyText) AND agent = \(agent) ORDER BY id DESC LIMIT 1
            """, Decision.init)
    }
}

extension DecisionStore {
    /// Newest first.
    package func latest(of agent: String, limit: Int) throws -> [Decision] {
        try tx.all(
            """
            SELECT \(Decision.columns) FROM decisions
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent) ORDER BY id DESC LIMIT \(limit)
            """, Decision.init)
    }
}

extension Decision {
    /// The outcome that the recorded inputs lead to under a configuration, with what an experiment's variant set
    /// otherwise, as it would be stored; `nil` when the agent cannot say.
    package func replayed(
        by agent: any AgentDefinition, under configuration: JSON, in reader: Reader
    ) throws -> JSON? {
        let otherwise = variant.flatMap { JSON(stored: $0)["settings"] } ?? [:]
        let outcome = try agent.replay(
            inputs: JSONParser.parse(inputs), configuration: configuration.merging(otherwise), in: reader)
        return try outcome.map { try JSONParser.parse($0.serialized) }
    }
}

extension DecisionStore where Base == Transaction {
    /// Stores a conclusion; a run has one about each subject, however often it is attempted. What a person has
    /// decided about the subject holds as long as its facts are the same, and ends with this decision otherwise.
    func decide(
        _ agent: any AgentDefinition, on occasion: some Key, configurationVersion: Int, _ subject: Subject,
        _ conclusion: Conclusion
    ) throws -> MadeDecision {
        let decision = tx.makeID(Nouns.Decision.self), occasion = occasion.keyText
        let inputs = conclusion.inputs.canonical.serialized
        let override = try currentOverride(agent.name, subject)
        let holds = override.map { $0.factsHash == agent.factsHash(of: conclusion.inputs) } ?? false
        let changed = try tx.run(
            insertDecision,
            [
                tx.tenant.sqlValue, decision.sqlValue, agent.name.sqlValue, occasion.sqlValue,
                subject.type.sqlValue,
                subject.id.sqlValue, conclusion.outcome.serialized.sqlValue,
                min(max(conclusion.confidence, 0), 1).sqlValue, conclusion.factors.serialized.sqlValue,
                conclusion.model.serialized.sqlValue, inputs.sqlValue,
                Hex.encode(SHA256.hash(inputs)).sqlValue, configurationVersion.sqlValue, tx.now.sqlValue,
                (holds ? override?.json.serialized : nil).sqlValue,
                (holds ? nil : override?.json.serialized).sqlValue,
                (conclusion.variant?.serialized).sqlValue,
            ])
        if changed == 1 {
            if let override, !holds { try end(override, with: decision) }
            return MadeDecision(id: decision, isNew: true, override: holds ? override?.outcome : nil)
        }
        let existing = try tx.first(
            decisionOnce, [tx.tenant.sqlValue, occasion.sqlValue, subject.type.sqlValue, subject.id.sqlValue]
        ) { DecisionID($0, 0) }
        guard let existing else { throw RuntimeError.conflict("the decision was not stored") }
        return MadeDecision(id: existing, isNew: false)
    }
}

extension DecisionStore where Base == Transaction {
    /// Stores what was concluded on the spot, by an agent's rules and without a run of it, in the transaction of what
    /// it is about. `occasion` stands in the run's place: each has one conclusion about a subject. Only what was
    /// concluded under a version of the agent's configuration can be replayed.
    @discardableResult
    package func conclude(
        for agent: String, on occasion: String, _ subject: Subject, _ conclusion: Conclusion,
        under configurationVersion: Int = 0
    ) throws -> MadeDecision {
        try decide(
            try tx.runtime.agents.definition(agent), on: occasion,
            configurationVersion: configurationVersion, subject, conclusion)
    }
}

extension DecisionStore {
    /// Returns what was concluded about a subject on an occasion; `nil` where nothing was.
    package func conclusion(on occasion: String, about subject: Subject) throws -> JSON? {
        try tx.first(
            outcomeOnce,
            [tx.tenant.sqlValue, occasion.sqlValue, subject.type.sqlValue, subject.id.sqlValue]
        ) { JSON(stored: $0.text(0)) }
    }
}

private let outcomeOnce = Statement(
    "SELECT outcome FROM decisions WHERE tenant_id = $1 AND run_id = $2 AND subject_type = $3 AND subject_id = $4"
)

private let insertDecision = Statement(
    """
    INSERT INTO decisions (tenant_id, id, agent, run_id, subject_type, subject_id, outcome, confidence, factors,
        model, inputs, inputs_hash, configuration_version, version, created_at, updated_at, override,
        ended_override, variant)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14, $15, $16, $17)
    ON CONFLICT (tenant_id, run_id, subject_type, subject_id) DO NOTHING
    """)

private let decisionOnce = Statement(
    "SELECT id FROM decisions WHERE tenant_id = $1 AND run_id = $2 AND subject_type = $3 AND subject_id = $4")
