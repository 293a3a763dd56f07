internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// Rows of the kernel's own tables that name their subject by its type and id.
struct SubjectRows: PersonalData {
    let name: String
    /// The tables that lose their rows; those of the first are counted.
    private let tables: [String]
    private let rows: @Sendable (Subject, Reader) throws -> [JSON]

    private init(
        _ name: String, in tables: String..., rows: @escaping @Sendable (Subject, Reader) throws -> [JSON]
    ) { (self.name, self.tables, self.rows) = (name, tables, rows) }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { try rows($0, reader) }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            let counts = try tables.map { table in
                try tx.run(
                    """
                    DELETE FROM \(trusted: table) WHERE tenant_id = \(tx.tenant)
                        AND subject_id = \(subject.id) AND subject_type = \(subject.type)
                    """)
            }
            return count + counts[0]
        }
    }

    /// Agents' memories about people.
    static let memories = SubjectRows("agent_memory", in: "agent_memory") { subject, reader in
        try reader.memories.all(about: subject).map(\.json)
    }

    /// Agents' messages to one another about people.
    static let messages = SubjectRows("agent_messages", in: "agent_messages") { subject, reader in
        try reader.all(
            """
            SELECT \(StoredMessage.columns) FROM agent_messages
            WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                AND subject_type = \(subject.type) ORDER BY id
            """, StoredMessage.init
        ).map(\.json)
    }

    /// Agents' conclusions about people, and those of people in their place: inputs hold what was known.
    static let decisions = SubjectRows("decisions", in: "decisions", "decision_overrides") {
        subject, reader in
        try reader.all(
            """
            SELECT \(Decision.columns) FROM decisions
            WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                AND subject_type = \(subject.type) ORDER BY id
            """, Decision.init
        ).map { decision in
            var writer = JSONWriter()
            decision.write(into: &writer)
            var object = try JSONParser.parse(writer.bytes).object ?? [:]
            object.append("inputs", JSON(stored: decision.inputs))
            return .object(object)
        }
    }

    /// Models' answers about people, as long as the journal has them.
    static let modelAnswers = SubjectRows("model_answers", in: "model_calls") { subject, reader in
        try reader.all(
            """
            SELECT prompt, answer, answered_at FROM model_calls
            WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                AND subject_type = \(subject.type) ORDER BY key
            """
        ) { row in
            [
                "prompt": .string(row.text(0)), "answer": JSON(stored: row.text(1)),
                "answered_at": .string(row.instant(2).description),
            ]
        }
    }
}
