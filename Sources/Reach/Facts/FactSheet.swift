internal import Agents
internal import ChangeSets
internal import Database
package import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// All that is said of one record, as it stands now: the stored facts, judged by what the record holds and by the time,
/// and a fact for each value that nobody but its writer vouches for.
package struct FactSheet: Sendable {
    package let subject: Subject
    /// The record as its API gives it.
    package let record: JSON
    let columns: Set<String>
    package private(set) var facts: [Fact]
    /// Stored facts whose values somebody has taken away from the record since.
    private(set) var taken: Set<ID<Fact>> = []

    /// Fields that say nothing about whom the record is about, but what the agency does with it.
    private static let own: Set = ["status", "tags", "owner_id", "client_id", "custom", "external_ids"]

    init(
        _ subject: Subject, _ records: ToolRecords, runtime: Runtime, in reader: some Queryable
    ) throws {
        let record = try records.get(subject.id, reader)
        let created = record["created_at"]?.text.flatMap { Instant($0) } ?? reader.now
        let traces = runtime.answers(to: FactTraces.self) ?? FactTraces(places: [])
        try self.init(
            subject, record, columns: records.fields.filter { !$0.isReadOnly }.map(\.name),
            stored: try reader.facts.stored(about: subject.id),
            undone: { try reader.changeSets.undone(among: $0) },
            try FactOrigins(of: subject, createdAt: created, traces, in: reader), now: reader.now)
    }

    init(
        _ subject: Subject, _ record: JSON, columns: [String], stored: [Fact],
        undone: (Set<ID<ChangeSet>>) throws -> Set<ID<ChangeSet>>, _ origins: FactOrigins, now: Instant
    ) rethrows {
        (self.subject, self.record) = (subject, record)
        self.columns = Set(columns).subtracting(Self.own)
        facts = stored
        for index in facts.indices {
            facts[index].wasCurrent = facts[index].status == .current
            if facts[index].isStale(at: now), facts[index].status != .rejected {
                facts[index].status = .expired
            }
        }
        for field in columns where !Self.own.contains(field) { settle(field, origins) }
        try takeBack(undone)
    }

    /// A value without a column goes back with the change set that brought it.
    private mutating func takeBack(
        _ undone: (Set<ID<ChangeSet>>) throws -> Set<ID<ChangeSet>>
    ) rethrows {
        let sets = Set(
            facts.filter { !columns.contains($0.field) && $0.wasCurrent }.compactMap(\.changeSetID))
        guard !sets.isEmpty else { return }
        let gone = try undone(sets)
        for index in facts.indices where facts[index].wasCurrent && !columns.contains(facts[index].field) {
            guard let set = facts[index].changeSetID, gone.contains(set) else { continue }
            if facts[index].status == .current { facts[index].status = .alternative }
            taken.insert(facts[index].id)
        }
    }

    /// Judges the facts of a column by the record's own value.
    private mutating func settle(_ field: String, _ origins: FactOrigins) {
        let value = record[field] ?? .null
        var isExplained = false
        for index in facts.indices where facts[index].field == field {
            let isShown = facts[index].wasCurrent
            guard isShown else { continue }
            if value.isNothing {
                facts[index].status = facts[index].status == .current ? .alternative : facts[index].status
                taken.insert(facts[index].id)
            } else if facts[index].value.saysSame(as: value) {
                isExplained = true
            } else if facts[index].status == .current {
                facts[index].status = .alternative
            }
        }
        guard !value.isNothing, !isExplained else { return }
        let origin = origins.origin(of: field)
        var fact = Fact()
        fact.id = Fact.unstoredID(of: field, of: subject)
        (fact.field, fact.value, fact.status) = (field, value, .current)
        (fact.source, fact.evidence) = (origin.source, ["quote": .null, "url": JSON(origin.source.url)])
        (fact.observedAt, fact.createdAt, fact.updatedAt) = (origin.at, origin.at, origin.at)
        (fact.subjectType, fact.subjectID) = (subject.type, subject.id)
        facts.append(fact)
    }

    package func facts(of field: String) -> [Fact] { facts.filter { $0.field == field } }

    /// The fact that the record shows; `nil` where it shows nothing, or what is stale.
    package func current(_ field: String) -> Fact? {
        facts.first { $0.field == field && $0.status == .current }
    }

    /// The fact whose value the record holds, stale or not.
    package func shown(_ field: String) -> Fact? {
        current(field)
            ?? facts.last { fact in
                fact.field == field && fact.status == .expired && fact.wasCurrent
                    && !taken.contains(fact.id)
            }
    }

    /// The fields of which sources contradict each other.
    package var disputedFields: [String] {
        Set(facts.filter { $0.status == .disputed }.map(\.field)).sorted()
    }

    mutating func remove(_ id: ID<Fact>) { facts.removeAll { $0.id == id } }

    mutating func replace(_ fact: Fact) {
        if let index = facts.firstIndex(where: { $0.id == fact.id }) {
            facts[index] = fact
        } else {
            facts.append(fact)
        }
    }
}

extension Fact {
    /// The identifier of a fact that has no row: the record's own, turned by its field's name, so that it leads back to
    /// both.
    static func unstoredID(of field: String, of subject: Subject) -> ID<Fact> {
        guard let id = UniqueID(subject.id.suffix(26)) else { return .unset }
        return ID(id.turned(by: field))
    }
}

extension UniqueID {
    /// Turned twice by the same name it is itself again.
    func turned(by name: String) -> UniqueID {
        let hash = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return UniqueID(high: high, low: low ^ hash)
    }
}

extension FactStore {
    /// Returns what is said of a record. Throws `notFound` where the caller cannot see the record.
    package func sheet(of subject: Subject, _ runtime: Runtime) throws -> FactSheet {
        guard let records = runtime.records.records(of: subject.id) else { throw Problem(.notFound) }
        return try FactSheet(subject, records, runtime: runtime, in: tx)
    }

    /// Returns a value as the record would take it; `nil` where no such record could have it.
    package func normalised(
        _ value: JSON, of field: String, about subject: Subject, _ runtime: Runtime
    ) throws -> JSON? {
        guard let records = runtime.records.records(of: subject.id), !value.isNothing else { return nil }
        let isColumn = records.fields.contains { $0.name == field && !$0.isReadOnly }
        guard isColumn else {
            return FactField(rawValue: field)?.normalised(
                value, year: TimeZoneRules.utc.local(of: tx.now).date.year)
        }
        do {
            return try records.patched(subject.id, [field: value], tx).after[field]
        } catch let problem as Problem where problem.type.status < 500 {
            return nil
        }
    }
}
