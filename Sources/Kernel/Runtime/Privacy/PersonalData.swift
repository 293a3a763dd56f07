package import Database
package import JSON
package import Records
package import Telemetry

/// A place where something about people is kept beside the records themselves. Every one is asked when a person
/// wants to see, or to have erased, what is kept about them.
package protocol PersonalData: Sendable {
    /// The member under which it stands in an export.
    static var name: String { get }

    /// Returns records about the subjects that have personal data of their own: conversations, tickets, deals.
    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject]

    /// Returns the words that identify the subjects where their ids are not known: their addresses, and what they have
    /// written.
    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalWords

    /// Everything about the subjects: a person is known as a contact, as leads, …
    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON]

    /// Returns what a client's person may see about themselves; nil where this data is not theirs to see.
    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]?

    /// Takes it away; how many things there were.
    func erase(_ subjects: [Subject], _ words: PersonalWords, in tx: Transaction) throws -> Int
    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int

    /// Returns what is kept after an erasure, and why.
    func kept(_ subjects: [Subject], in tx: Transaction) throws -> [KeptData]
}

extension PersonalData {
    package func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] { [] }
    package func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalWords {
        PersonalWords()
    }
    package func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? { nil }
    package func erase(_ subjects: [Subject], _ words: PersonalWords, in tx: Transaction) throws -> Int {
        try erase(subjects, in: tx)
    }
    package func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int { 0 }
    package func kept(_ subjects: [Subject], in tx: Transaction) throws -> [KeptData] { [] }
}

/// Words that identify a person.
package struct PersonalWords: Sendable {
    /// Mail addresses and telephone numbers.
    package var addresses: Set<String> = []
    /// Texts that the person has written.
    package var texts: [String] = []

    package init() {}
}

/// Data that is kept after an erasure, for its report.
package struct KeptData: Sendable {
    let what: String, reason: String
    /// The end of the retention; `nil` where the data is kept as long as the agency exists.
    let until: Instant?

    package init(_ what: String, _ reason: String, until: Instant? = nil) {
        (self.what, self.reason, self.until) = (what, reason, until)
    }

    var json: JSON {
        ["what": .string(what), "reason": .string(reason), "until": JSON(until?.description)]
    }
}

extension Runtime {
    private func all(of subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        try subjects + personalData.flatMap { try $0.related(to: subjects, in: reader) }
    }

    /// Returns the data that is kept about the subjects, by where it is kept.
    package func exportPersonalData(of subjects: [Subject], in reader: Reader) throws -> JSON {
        let all = try all(of: subjects, in: reader)
        return .object(
            try JSONObject(personalData.map { (type(of: $0).name, .array(try $0.export(all, in: reader))) }))
    }

    /// Returns the data about the subjects that a client's person may see.
    package func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> JSON {
        var object = JSONObject()
        for source in personalData {
            guard let found = try source.exportToThemselves(subjects, in: reader) else { continue }
            object.append(type(of: source).name, .array(found))
        }
        return .object(object)
    }

    /// Erases the subjects' data everywhere; returns how many items were erased, by where they were stored, and what
    /// is kept.
    package func erasePersonalData(
        of subjects: [Subject], by actor: Actor, in tx: Transaction
    ) throws -> (erased: JSON, kept: JSON) {
        let all = try all(of: subjects, in: tx)
        var words = PersonalWords()
        for source in personalData {
            let found = try source.words(of: subjects, in: tx)
            words.addresses.formUnion(found.addresses)
            words.texts += found.texts
        }
        var object = JSONObject()
        for source in personalData {
            object.append(type(of: source).name, JSON(try source.erase(all, words, in: tx)))
        }
        for subject in subjects { try tx.audit(actor, "privacy.erased", subject, .object(object)) }
        let kept = try personalData.flatMap { try $0.kept(all, in: tx) }
        return (.object(object), .array(kept.map(\.json)))
    }
}

/// The notes that runs of agents made at their steps while they worked on people.
struct NotedData: PersonalData {
    static let name = "run_notes"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try runs(subjects, in: reader).flatMap { run in
            try reader.all(
                """
                SELECT run_id, name, note FROM run_steps
                WHERE tenant_id = \(reader.tenant) AND run_id = \(run) AND note IS NOT NULL ORDER BY attempt, number
                """
            ) { ["run_id": .string($0.text(0)), "name": .string($0.text(1)), "note": .string($0.text(2))] }
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let runs = try runs(subjects, in: tx)
        for run in runs {
            try tx.run("UPDATE agent_runs SET result = NULL WHERE tenant_id = \(tx.tenant) AND id = \(run)")
        }
        return try runs.reduce(0) { count, run in
            try count
                + tx.run(
                    """
                    UPDATE run_steps SET note = NULL, error = NULL
                    WHERE tenant_id = \(tx.tenant) AND run_id = \(run) AND (note IS NOT NULL OR error IS NOT NULL)
                    """)
        }
    }

    func kept(_ subjects: [Subject], in tx: Transaction) throws -> [KeptData] {
        [
            KeptData(
                "audit",
                "Who did what must stay provable: entries are chained and cannot be changed. New ones hold no word of anybody; what people were called or wrote may stand in old ones."
            ),
            KeptData(
                "backups",
                "Those that were made before hold it until whoever runs the installation deletes them."),
        ]
    }

    /// Returns the runs that have concluded something about the subjects.
    private func runs(_ subjects: [Subject], in reader: some Queryable) throws -> [String] {
        try Set(
            subjects.flatMap { subject in
                try reader.all(
                    """
                    SELECT run_id FROM decisions
                    WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id) AND subject_type = \(subject.type)
                    """
                ) { $0.text(0) }
            }
        ).sorted()
    }
}

/// Agents' memories about people.
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

/// Agents' messages to one another about people.
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

/// Agents' conclusions about people, and those of people in their place: inputs hold what was known.
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
