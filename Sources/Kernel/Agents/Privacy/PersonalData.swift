package import Database
package import JSON
package import Jobs
package import Records

/// A place where something about people is kept. Every one is asked when a person wants to see, or to have erased, what
/// is kept about them. Resources are such places by their declaration (`PersonalRecords`).
package protocol PersonalData: Sendable {
    /// The member under which it stands in exports and in reports of erasures.
    var name: String { get }

    /// The data that it keeps after an erasure, and why.
    var kept: [KeptData] { get }

    /// Returns records about the subjects that have personal data of their own: conversations, tickets, deals.
    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject]

    /// Returns the words that identify the subjects where their ids are not known: their addresses, and what they have
    /// written.
    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalIdentifiers

    /// Returns everything about the subjects: a person is known as a contact, as leads, …
    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON]

    /// Returns what a client's person may see about themselves; nil where this data is not theirs to see.
    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]?

    /// Takes it away; how many things there were.
    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int
}

extension PersonalData {
    package var kept: [KeptData] { [] }
    package func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] { [] }
    package func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalIdentifiers {
        PersonalIdentifiers()
    }
    package func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] { [] }
    package func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? { nil }
}

/// Words that identify a person.
package struct PersonalIdentifiers: Sendable {
    /// Mail addresses and telephone numbers.
    package var addresses: Set<String> = []
    /// Texts that the person has written.
    package var texts: [String] = []

    package init() {}
}

/// The places where something about people is kept: those that modules have registered, and the resources.
struct PersonalSources: Sendable {
    private(set) var all: [any PersonalData]
    /// Says which resources have personal data that no erasure would reach.
    private(set) var faults: [String] = []
    private var keptRecords: [KeptData] = []

    init(_ registered: [any PersonalData], _ records: [any Record.Type] = []) {
        all = registered
        for type in records { add(type) }
        for type in records { checkName(type) }
    }

    var kept: [KeptData] {
        var names: Set<String> = []
        return (all.flatMap(\.kept) + keptRecords).filter { names.insert($0.what).inserted }
    }

    private mutating func add<R: Record>(_ type: R.Type) {
        if let fault = R.resource.personalFault { faults.append(fault) }
        if let kept = R.resource.personal?.kept { keptRecords.append(kept) }
        guard !R.resource.personColumns.isEmpty, !all.contains(where: { $0 is PersonalRecords<R> }) else {
            return
        }
        if let managed = R.managed {
            add(managed: managed)
        } else {
            all.append(PersonalRecords<R>(erasing: { try $1.personalRecords.erasePlainly($0) }))
        }
    }

    private mutating func add<R: ManagedRecord>(managed type: R.Type) { all.append(PersonalRecords<R>()) }

    private mutating func checkName<R: Record>(_ type: R.Type) {
        guard case .within(let name) = R.resource.personal?.way, !all.contains(where: { $0.name == name })
        else { return }
        faults.append("\(R.resource.schema.name) is erased within \(name), which nothing erases")
    }
}

extension Runtime {
    private func all(of subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        var seen = Set(subjects)
        let related = try personalSources.all.flatMap { try $0.related(to: subjects, in: reader) }
        return subjects + related.filter { seen.insert($0).inserted }
    }

    /// Returns the data that is kept about the subjects, by where it is kept.
    package func exportPersonalData(of subjects: [Subject], in reader: Reader) throws -> JSON {
        let all = try all(of: subjects, in: reader)
        var object = JSONObject()
        for source in personalSources.all { object.add(try source.export(all, in: reader), to: source.name) }
        return .object(object)
    }

    /// Returns the data about the subjects that a client's person may see.
    package func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> JSON {
        var object = JSONObject()
        for source in personalSources.all {
            guard let found = try source.exportToThemselves(subjects, in: reader) else { continue }
            object.add(found, to: source.name)
        }
        return .object(object)
    }

    /// Erases the subjects' data everywhere; returns how many items were erased, by where they were stored, and what
    /// is kept.
    package func erasePersonalData(
        of subjects: [Subject], by actor: Actor, in tx: Transaction
    ) throws -> (erased: JSON, kept: JSON) {
        let sources = personalSources
        let all = try all(of: subjects, in: tx)
        var words = PersonalIdentifiers()
        for source in sources.all {
            let found = try source.words(of: subjects, in: tx)
            words.addresses.formUnion(found.addresses)
            words.texts += found.texts
        }
        var object = JSONObject()
        for source in sources.all {
            let count = try source.erase(all, words, in: tx)
            object[source.name] = .integer((object[source.name]?.int ?? 0) + Int64(count))
        }
        try tx.gate.forgetObservations(of: all)
        for subject in subjects { try tx.auditLog.add(actor, "privacy.erased", subject, .object(object)) }
        try tx.emptyLogSoon()
        return (.object(object), .array(sources.kept.map(\.json)))
    }
}

extension JSONObject {
    /// Adds items to a list that may be there.
    fileprivate mutating func add(_ items: [JSON], to name: String) {
        self[name] = .array((self[name]?.array ?? []) + items)
    }
}

/// The notes that runs of agents made at their steps while they worked on people.
struct NotedData: PersonalData {
    let name = "run_notes"
    let kept = [
        KeptData(
            "audit",
            "Who did what must stay provable: entries are chained and cannot be changed. New ones hold no word of anybody; what people were called or wrote may stand in old ones."
        ),
        KeptData(
            "backups",
            "Those that were made before hold it until whoever runs the installation deletes them."),
    ]

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

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
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
