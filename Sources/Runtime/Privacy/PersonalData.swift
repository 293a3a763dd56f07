package import Database
package import JSON
package import Records

/// A place where something about people is kept beside the records themselves. Every one is asked when a person
/// wants to see, or to have erased, what is kept about them.
package protocol PersonalData: Sendable {
    /// The member under which it stands in an export.
    static var name: String { get }

    /// Everything about the subjects: a person is known as a contact, as leads, …
    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON]

    /// Takes it away; how many things there were.
    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int
}

extension Runtime {
    /// What is kept about the subjects, by where it is kept.
    package func exportPersonalData(of subjects: [Subject], in reader: Reader) throws -> JSON {
        var object = JSONObject()
        for source in personalData {
            object.append(type(of: source).name, .array(try source.export(subjects, in: reader)))
        }
        return .object(object)
    }

    /// Erases it everywhere; how many things there were, by where they were kept.
    package func erasePersonalData(
        of subjects: [Subject], by actor: Actor, in tx: Transaction
    ) throws -> JSON {
        var object = JSONObject()
        for source in personalData {
            object.append(type(of: source).name, JSON(try source.erase(subjects, in: tx)))
        }
        for subject in subjects { try tx.audit(actor, "privacy.erased", subject, .object(object)) }
        return .object(object)
    }
}

/// What agents remember about people.
struct RememberedData: PersonalData {
    static let name = "agent_memory"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { try reader.memories(about: $0) }.map(\.json)
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try count
                + tx.run(
                    """
                    DELETE FROM agent_memory WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                        AND subject_type = \(subject.type)
                    """)
        }
    }
}

/// What agents have written to one another about people.
struct MessagedData: PersonalData {
    static let name = "agent_messages"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { subject in
            try reader.all(
                """
                SELECT \(raw: StoredMessage.columns) FROM agent_messages
                WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                    AND subject_type = \(subject.type) ORDER BY id
                """, StoredMessage.init)
        }.map(\.json)
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try count
                + tx.run(
                    """
                    DELETE FROM agent_messages WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                        AND subject_type = \(subject.type)
                    """)
        }
    }
}

/// What agents have concluded about people, and people instead of them: inputs hold what was known.
struct DecidedData: PersonalData {
    static let name = "decisions"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { subject in
            try reader.all(
                """
                SELECT \(raw: Decision.columns) FROM decisions
                WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                    AND subject_type = \(subject.type) ORDER BY id
                """, Decision.init)
        }.map { decision in
            var writer = JSONWriter()
            decision.write(into: &writer)
            var object = try JSONParser.parse(writer.bytes).object ?? [:]
            object.append("inputs", JSON(stored: decision.inputs))
            return .object(object)
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try tx.run(
                """
                DELETE FROM decision_overrides WHERE tenant_id = \(tx.tenant)
                    AND subject_id = \(subject.id) AND subject_type = \(subject.type)
                """)
            return try count
                + tx.run(
                    """
                    DELETE FROM decisions WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                        AND subject_type = \(subject.type)
                    """)
        }
    }
}
