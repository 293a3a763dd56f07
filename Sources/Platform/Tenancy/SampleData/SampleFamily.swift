internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The sample records with all that came with them and hangs on them, found by the references that resources declare:
/// a resource that is added later is found, too.
struct SampleFamily {
    struct Member {
        let type: any ManagedRecord.Type
        let id: String
        /// Bears the mark itself.
        let isSeed: Bool
        let createdAt: Instant
        /// The ids that it refers to.
        let refers: [(table: String, id: String)]
        /// The distance from those that all others hang on.
        let depth: Int

        var subject: Subject { Subject(type: type.noun, id: id) }
    }

    private let kinds: [String: any ManagedRecord.Type]
    private let tx: Transaction
    private var found: [String: Member] = [:]

    init(_ known: SampleData.Known, _ tx: Transaction) { (kinds, self.tx) = (known.kinds, tx) }

    /// Those that hang on others first.
    var members: [Member] { found.values.sorted { ($0.depth, $0.id) > ($1.depth, $1.id) } }

    mutating func gather() throws {
        for table in kinds.keys.sorted() { try addSeeds(kinds[table]!) }
        for seed in found.values.sorted(by: { $0.id < $1.id }) { try addCompanions(of: seed) }
        var edge = Set(found.keys), depth = 1
        while !edge.isEmpty {
            let before = Set(found.keys)
            for table in kinds.keys.sorted() { try addDependants(kinds[table]!, on: edge, depth) }
            edge = Set(found.keys).subtracting(before)
            depth += 1
        }
    }

    private mutating func addSeeds<R: ManagedRecord>(_ type: R.Type) throws {
        guard case .text? = R.schema["source"]?.kind, case .texts? = R.schema["tags"]?.kind else { return }
        let pattern = "%\"\(SampleData.mark)\"%"
        let marked = try R.resource.all(
            where: "source = \(SampleData.mark) AND tags LIKE \(pattern)",
            suffix: "ORDER BY id LIMIT 1000", in: tx)
        for record in marked { add(record, isSeed: true, 0) }
    }

    /// Adds the records that were made together with one as it refers to them: the contact and company of a lead.
    private mutating func addCompanions(of member: Member) throws {
        for (table, id) in member.refers where found[id] == nil {
            guard let type = kinds[table] else { continue }
            try addCompanion(type, id, of: member)
            if let companion = found[id] { try addCompanions(of: companion) }
        }
    }

    private mutating func addCompanion<R: ManagedRecord>(
        _ type: R.Type, _ id: String, of member: Member
    ) throws {
        guard let known = ID<R.Identity>(id), let record = try R.resource.find(known, in: tx),
            record.createdAt == member.createdAt
        else { return }
        add(record, isSeed: false, member.depth - 1)
    }

    /// The records of a resource that refer to some that were found.
    private mutating func addDependants<R: ManagedRecord>(
        _ type: R.Type, on edge: Set<String>, _ depth: Int
    ) throws {
        for field in R.resource.fields {
            guard case .id = field.kind, let table = field.refers?.table else { continue }
            let ids = edge.filter { found[$0]?.type.table == table }.sorted()
            guard !ids.isEmpty else { continue }
            let column: SQL = "\(trusted: field.column)"
            for record in try R.resource.all(
                where: column + " IN \(list: ids)", suffix: "ORDER BY id LIMIT 10000", in: tx)
            where found[record.id.keyText] == nil { add(record, isSeed: false, depth) }
        }
    }

    private mutating func add<R: ManagedRecord>(_ record: R, isSeed: Bool, _ depth: Int) {
        let refers = R.resource.fields.flatMap { field -> [(table: String, id: String)] in
            guard let table = field.refers?.table else { return [] }
            let value = field.json(record)
            let ids = ([value.text] + (value.array ?? []).map(\.text)).compactMap(\.self)
            return ids.map { (table: table, id: $0) }
        }
        found[record.id.keyText] = Member(
            type: R.self, id: record.id.keyText, isSeed: isSeed, createdAt: record.createdAt, refers: refers,
            depth: depth)
    }

    /// Returns those that a person or a program of the agency has made or changed since the sample data came, with what
    /// these refer to and what hangs on them.
    func own() throws -> Set<String> {
        let births = Set(found.values.filter(\.isSeed).map(\.createdAt))
        var touched: Set<String> = []
        let ids = found.keys.sorted()
        for start in stride(from: 0, to: ids.count, by: 500) {
            let chunk = Array(ids[start..<min(start + 500, ids.count)])
            try tx.each(
                """
                SELECT subject_id, action, created_at FROM audit
                WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: chunk)
                    AND actor_type IN ('user', 'api_key')
                """
            ) { row in
                let isBirth = row.text(1).hasSuffix(".created") && births.contains(row.instant(2))
                if !isBirth { touched.insert(row.text(0)) }
            }
        }
        var own = touched, edge = touched.sorted()
        while let id = edge.popLast() {
            // Its dependants stay with it. The records that it refers to stay, too, but not their other dependants.
            let dependants = found.values.filter { $0.refers.contains { $0.id == id } }.map(\.id)
            edge += dependants.filter { own.insert($0).inserted }
        }
        var needed = own.sorted()
        while let id = needed.popLast() {
            let referred = (found[id]?.refers ?? []).map(\.id).filter { found[$0] != nil }
            needed += referred.filter { own.insert($0).inserted }
        }
        return own
    }
}
