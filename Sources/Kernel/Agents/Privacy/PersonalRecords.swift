package import Database
package import JSON
package import Jobs
internal import Nouns
package import Records

/// A resource's records about people, exported and erased as the resource's `PersonalRule` says. A module registers
/// them itself where the declaration cannot say all.
package struct PersonalRecords<R: Record>: PersonalData {
    private let added: @Sendable (R, _ isOwn: Bool, Reader) throws -> JSON
    private let eraseRecord: @Sendable (R, Transaction) throws -> Bool

    /// `erasing` erases one record, and answers whether there was anything; `adding` returns members that the record
    /// has in exports beside its fields, in a person's own (`isOwn`) or another one.
    package init(
        adding: @escaping @Sendable (R, _ isOwn: Bool, Reader) throws -> JSON = { _, _, _ in [:] },
        erasing: @escaping @Sendable (R, Transaction) throws -> Bool
    ) { (added, eraseRecord) = (adding, erasing) }

    private var rule: PersonalRule? { R.resource.personal }
    private var isPerson: Bool { if case .itself = rule?.way { true } else { false } }

    package var name: String { rule?.section ?? (isPerson ? "records" : R.resource.table) }

    package func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        guard !isPerson, let condition = isAbout(subjects) else { return [] }
        return try reader.all(
            """
            SELECT id FROM \(trusted: R.resource.table)
            WHERE tenant_id = \(reader.tenant) AND \(condition) ORDER BY id LIMIT 10000
            """
        ) { Subject(type: R.noun, id: $0.text(0)) }
    }

    package func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalIdentifiers {
        var words = PersonalIdentifiers()
        guard isPerson else { return words }
        for record in try records(subjects, in: reader) {
            words.addresses.formUnion(
                R.resource.fields.filter(\.isAddress).compactMap { $0.json(record).text })
        }
        return words
    }

    package func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try records(subjects, in: reader).map { record in
            let json = R.schema.json(record).merging(try added(record, false, reader))
            return rule?.section == nil ? json : ["type": .string(R.noun), "record": json]
        }
    }

    /// Notes among those who work at the agency are left out.
    package func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        guard let own = rule?.own else { return nil }
        let hasNotes = R.schema["internal"] != nil
        return try records(subjects, and: hasNotes ? " AND internal = \(0)" : "", in: reader).map { record in
            let whole = R.schema.json(record)
            let shown = JSON.object(JSONObject(own.compactMap { name in whole[name].map { (name, $0) } }))
            return shown.merging(try added(record, true, reader))
        }
    }

    package func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int
    {
        guard rule?.outcome != .kept else { return 0 }
        return try records(subjects, in: tx).filter { try eraseRecord($0, tx) }.count
    }

    private func records(
        _ subjects: [Subject], and more: SQL = "", in reader: some Queryable
    ) throws -> [R] {
        guard let condition = isAbout(subjects) else { return [] }
        return try R.resource.all(where: condition + more, suffix: "ORDER BY id LIMIT 10000", in: reader)
    }

    /// Returns the condition on records about the subjects; `nil` where none can be.
    private func isAbout(_ subjects: [Subject]) -> SQL? {
        var parts: [SQL] = []
        for column in R.resource.personColumns {
            let ids = subjects.filter { $0.type == column.noun }.map(\.id)
            if !ids.isEmpty { parts.append("\(trusted: column.name) IN \(list: ids)") }
        }
        guard !parts.isEmpty else { return nil }
        let alternatives = parts.joined(separator: " OR ")
        return "(\(alternatives))"
    }
}

extension PersonalRecords where R: ManagedRecord {
    package init(
        adding: @escaping @Sendable (R, _ isOwn: Bool, Reader) throws -> JSON = { _, _, _ in [:] }
    ) { self.init(adding: adding, erasing: { try $1.personalRecords.erase($0) }) }
}

extension Field {
    /// Whether it holds addresses at which a person is reached.
    fileprivate var isAddress: Bool {
        switch kind {
        case .email, .phone: true
        default: false
        }
    }
}

extension PersonalRecordStore where Base == Transaction {
    /// Erases a record that has no rules of its own; answers whether there was anything.
    func erasePlainly<R: Record>(_ old: R) throws -> Bool {
        guard R.resource.personal?.outcome != .deleted else {
            try R.resource.delete(old, in: tx)
            return true
        }
        var new = R.resource.emptied(old)
        guard !R.resource.changes(from: old, to: new).isEmpty else { return false }
        (new.version, new.updatedAt) = (old.version + 1, tx.now)
        try R.resource.update(old, to: new, in: tx)
        return true
    }

    /// Erases a record; answers whether there was anything. `prepare` is not asked: nothing may refuse an erasure.
    package func erase<R: ManagedRecord>(_ record: R) throws -> Bool {
        try tx.approvals.forgetEffects(of: record.id)
        guard let old = try R.resource.current(record, in: tx) else { return false }
        guard R.resource.personal?.outcome != .deleted else {
            try tx.delete(old, by: .system)
            return true
        }
        var new = R.resource.emptied(old)
        try new.erased(replacing: old, in: tx)
        new.derive()
        let changes = R.resource.changes(from: old, to: new)
        guard !changes.isEmpty else { return false }
        (new.version, new.updatedAt) = (old.version + 1, tx.now)
        try R.resource.update(old, to: new, in: tx)
        let masked = changes.members.map { name, change in
            (name, R.schema[name]?.isErased == true ? change.merging(["from": "***"]) : change)
        }
        try tx.auditLog.add(.system, "\(R.noun).erased", new.subject, .object(JSONObject(masked)))
        try tx.publish("\(R.noun).updated", new.subject, ["changed": JSON(changes.keys)])
        try new.saved(replacing: old, by: .system, in: tx)
        return true
    }
}
