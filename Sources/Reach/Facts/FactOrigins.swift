internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The places where modules know who wrote a record.
struct FactTraces: Sendable {
    let places: [any FactTrace]
}

/// The writers of one record's fields, as far as they are known without a fact: from the audit, and from what modules
/// tell. A write costs nothing more for it.
struct FactOrigins: Sendable {
    struct Origin: Sendable {
        let source: FactSource
        let at: Instant
    }

    private static let entriesMax = 200
    private var written: [WrittenTrace] = []
    private let createdAt: Instant

    init(of subject: Subject, createdAt: Instant, _ traces: FactTraces, in reader: some Queryable) throws {
        self.createdAt = createdAt
        for place in traces.places { written += try place.traces(of: subject, in: reader) }
        written += try reader.facts.audited(subject, limit: Self.entriesMax)
        written.sort { $0.at > $1.at }
    }

    /// The newest that has written the field.
    func origin(of field: String) -> Origin {
        let newest = written.first { $0.fields?.contains(field) ?? true }
        return newest.map { Origin(source: $0.source, at: $0.at) }
            ?? Origin(source: FactSource(.person, ""), at: createdAt)
    }
}

extension FactStore {
    /// Returns who has changed which fields, newest first.
    fileprivate func audited(_ subject: Subject, limit: Int) throws -> [WrittenTrace] {
        let entries = try tx.all(
            """
            SELECT actor_type, actor_id, changes, created_at FROM audit
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                AND action <> \(Self.enrichedAction(subject.type)) ORDER BY row DESC LIMIT \(limit)
            """
        ) { row in
            (
                kind: Actor.Kind(rawValue: row.text(0)) ?? .system, id: row.text(1),
                fields: Set(JSON(stored: row.text(2)).object?.keys ?? []), at: row.instant(3)
            )
        }
        let names = try names(of: Set(entries.filter { $0.kind == .user }.map(\.id)))
        return entries.filter { !$0.fields.isEmpty }.map { entry in
            let kind: FactSource.Kind = entry.kind == .agent ? .model : .person
            return WrittenTrace(
                FactSource(kind, names[entry.id] ?? entry.id), fields: entry.fields, at: entry.at)
        }
    }

    /// The action under which the audit tells that sources were asked about a record; that names fields which it did
    /// not write itself.
    package static func enrichedAction(_ type: String) -> String { "\(type).enriched" }

    private func names(of users: Set<String>) throws -> [String: String] {
        guard !users.isEmpty else { return [:] }
        var names: [String: String] = [:]
        try tx.each(
            "SELECT id, name FROM users WHERE tenant_id = \(tx.tenant) AND id IN \(list: users.sorted())"
        ) { names[$0.text(0)] = $0.text(1) }
        return names
    }
}
