internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The evidence of all modules, as steps' texts use it.
struct StepEvidence: Sendable {
    private let sources: [any TextEvidence]

    init(_ sources: [any TextEvidence]) { self.sources = sources }

    /// Returns the evidence that there is for a reader, by name.
    func find(for contact: Contact, lead: JSONObject?, in reader: some Queryable) throws -> JSONObject {
        var found: JSONObject = [:]
        for source in sources {
            if let value = try source.find(for: contact, lead: lead, in: reader) {
                found[source.name] = value
            }
        }
        return found
    }
}

extension SequenceStore {
    /// Returns the question in which a step is asked about today, with all whose turn it is; `nil` where each message
    /// is asked about by itself.
    func batch(of step: SequenceStep, of sequence: MessageSequence, by writer: Actor) throws -> MessageBatch?
    {
        guard sequence.kind == .nurture, writer.kind == .agent,
            try tx.agentConfigurations.publishedValues(of: writer.id)?["batch_approval"] != false
        else { return nil }
        let day = try today()
        var batch = MessageBatch(
            key: "\(sequence.id)/\(step.name)/\(day)",
            title: Saying(
                "approval.step", ["step": .text(step.name), "sequence": .text(sequence.name)]
            ).english,
            reason: Saying("approval.step_daily").english)
        let prefix = Self.skipped(sequence, day)
        for (name, count) in try tx.counters.all(prefix: prefix) {
            batch.skipped[String(name.dropFirst(prefix.count))] = count
        }
        return batch
    }

    private func today() throws -> Int { try tx.agency.zone().day(of: tx.now) }

    private static func skipped(_ sequence: MessageSequence, _ day: Int) -> String {
        "sequences.\(sequence.id).skipped.\(day)."
    }
}

extension SequenceStore where Base == Transaction {
    /// Counts somebody for whom a step of today is passed over, for the questions about the others.
    func countSkipped(_ code: String, of sequence: MessageSequence) throws {
        guard sequence.kind == .nurture else { return }
        try tx.counters.count(Self.skipped(sequence, today()) + code, 1)
    }
}
