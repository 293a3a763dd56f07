internal import Cryptography
package import Database
package import JSON
package import Jobs
internal import Nouns
package import Records
package import Telemetry
internal import Wire

/// The resources whose records tools may touch, by the prefix of their ids.
package struct RecordRegistry: Sendable {
    private var byPrefix: [String: ToolRecords] = [:]

    /// Returns the records of an id such as `lead_01jd8…`.
    package func records(of id: String) -> ToolRecords? {
        id.lastIndex(of: "_").flatMap { byPrefix[String(id[..<$0])] }
    }

    /// Returns the records of a type such as `lead`.
    package subscript(type: String) -> ToolRecords? { byPrefix[type] }

    package var types: [String] { byPrefix.keys.sorted() }

    /// Returns the records whose subjects have a type, such as `lead`.
    package func records(ofType noun: String) -> ToolRecords? { byPrefix.values.first { $0.noun == noun } }

    /// Returns the records of a table, such as `leads`.
    package func records(in table: String) -> ToolRecords? { byPrefix.values.first { $0.table == table } }

    package var tables: [String] { byPrefix.values.map(\.table).sorted() }

    mutating func add(_ records: ToolRecords) {
        precondition(byPrefix[records.prefix] == nil, "records of \(records.prefix) are registered twice")
        byPrefix[records.prefix] = records
    }
}

/// The operations that tools have on one resource's records, whatever their type.
package struct ToolRecords: Sendable {
    package let prefix: String
    /// The type of the records as subjects, and their table.
    package let noun: String, table: String
    package let read: Permission, write: Permission
    /// The fields that leave, in the order of the declaration.
    package let fields: [RecordField]
    /// Reads, creates and changes as `GET`, `POST` and `PATCH` of the resource do, checked by its own schema and rules.
    package let get: @Sendable (String, any Queryable) throws -> JSON
    let find: @Sendable ([QueryItem], Transaction) throws -> JSON
    package let create: @Sendable (JSONObject, Actor, Transaction) throws -> JSON
    /// Reads and checks one of many new records, of values that are in their normal form already, as
    /// `FieldKind.validated` has made them. Needs no transaction.
    package let draft: @Sendable (JSONObject) throws -> RecordDraft
    package let update: @Sendable (String, JSONObject, Actor, Transaction) throws -> JSON
    /// Reads a record and what a merge patch would make of it; nothing is stored. Throws the patch's faults.
    package let patched: @Sendable (String, JSONObject, any Queryable) throws -> (before: JSON, after: JSON)
    /// Reads the values of some fields, record by record, in the order of the ids.
    package let scan: @Sendable (RecordSelection, _ fields: [String], any Queryable) throws -> [RecordValues]
    /// Returns which of some records a list with these filters has; throws where a filter is none of the list's.
    package let filtered: @Sendable ([String], JSONObject, any Queryable) throws -> Set<String>
    /// Takes away a record that some program has made: archives it where its status can say so, else deletes it.
    package let retire: @Sendable (String, Actor, Transaction) throws -> Void

    init<R: ManagedRecord>(_ resource: Resource<R>, read: Permission, write: Permission) {
        (prefix, self.read, self.write) = (resource.prefix, read, write)
        (noun, table) = (resource.noun, resource.table)
        fields = resource.visible.map(RecordField.init)
        let records = TypedRecords(resource: resource)
        get = { try records.get($0, in: $1) }
        find = { try records.find($0, in: $1) }
        create = { try records.create($0, by: $1, in: $2) }
        draft = { try records.draft($0) }
        update = { try records.update($0, $1, by: $2, in: $3) }
        patched = { try records.patched($0, $1, in: $2) }
        scan = { try records.scan($0, $1, in: $2) }
        filtered = { try records.filtered($0, $1, in: $2) }
        retire = { try records.retire($0, by: $1, in: $2) }
    }
}

/// The operations on records whose type is known, as `ToolRecords` tells them.
private struct TypedRecords<R: ManagedRecord>: Sendable {
    let resource: Resource<R>

    func get(_ text: String, in tx: any Queryable) throws -> JSON {
        guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
        return resource.schema.json(try resource.get(id, in: tx))
    }

    func find(_ query: [QueryItem], in tx: Transaction) throws -> JSON {
        let page = try ListQuery(resource, query, dialect: tx.dialect).written(in: tx)
        return JSON(stored: page.text)["data"] ?? []
    }

    func create(_ fields: JSONObject, by actor: Actor, in tx: Transaction) throws -> JSON {
        var record = R.new(id: tx.nextID(), now: tx.now), faults = Faults()
        resource.schema.create(&record, from: fields, faults: &faults)
        try Faults.throwIfAny(faults, below: "/fields")
        record.derive()
        try tx.create(&record, by: actor)
        return resource.schema.json(record)
    }

    func draft(_ fields: JSONObject) throws -> RecordDraft {
        var read = R(), faults = Faults()
        resource.schema.create(&read, from: fields, isNormal: true, faults: &faults)
        try faults.throwIfAny()
        read.derive()
        let draft = read
        return RecordDraft { names, actor, tx, told in
            var record = draft
            record.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&record, by: actor, telling: &told)
            return RecordValues(
                id: record.id.keyText, version: record.version, updatedAt: record.updatedAt,
                values: names.map { resource.schema[$0]?.json(record) ?? .null })
        }
    }

    func update(
        _ text: String, _ changes: JSONObject, by actor: Actor, in tx: Transaction
    ) throws -> JSON {
        guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
        let old = try resource.get(id, in: tx)
        var record = old, faults = Faults()
        _ = resource.schema.patch(&record, with: changes, faults: &faults)
        try Faults.throwIfAny(faults, below: "/changes")
        try tx.update(old, to: &record, by: actor)
        return resource.schema.json(record)
    }

    func patched(
        _ text: String, _ changes: JSONObject, in reader: any Queryable
    ) throws -> (before: JSON, after: JSON) {
        guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
        let old = try resource.get(id, in: reader)
        var record = old, faults = Faults()
        _ = resource.schema.patch(&record, with: changes, faults: &faults)
        try faults.throwIfAny(in: reader)
        return (resource.schema.json(old), resource.schema.json(record))
    }

    func scan(
        _ selection: RecordSelection, _ names: [String], in reader: any Queryable
    ) throws -> [RecordValues] {
        let fields = names.map { resource.schema[$0] }
        guard let condition = selection.condition(on: resource) else { return [] }
        return try resource.values(
            of: fields.compactMap(\.self), where: condition, suffix: selection.suffix,
            lookingUpIn: selection.index, in: reader
        ) { id, version, updatedAt, record in
            RecordValues(
                id: id, version: version, updatedAt: updatedAt,
                values: fields.map { $0?.json(record) ?? .null })
        }
    }

    func filtered(
        _ ids: [String], _ filter: JSONObject, in reader: any Queryable
    ) throws -> Set<String> {
        let query = filter.members.map {
            QueryItem(name: $0.key, value: $0.value.text ?? $0.value.serialized)
        }
        var list = try ListQuery(resource, query, dialect: reader.dialect, oldestFirst: true)
        list.add("id IN \(list: ids)")
        let found = try list.select(["id"], limit: max(1, ids.count), after: nil, in: reader)
        return Set(try reader.all(found) { ID<R.Identity>($0, 1).text })
    }

    func retire(_ text: String, by actor: Actor, in tx: Transaction) throws {
        guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
        let old = try resource.get(id, in: tx)
        guard let status = resource.schema["status"], case .choice(let words) = status.kind,
            words.contains("archived")
        else { return try tx.delete(old, by: actor) }
        var record = old
        status.assign(&record, "archived")
        try tx.update(old, to: &record, by: actor)
    }
}

/// A new record that was read and checked before the transaction that stores it.
package struct RecordDraft: Sendable {
    /// Stores it, and returns the values of some fields. The caller publishes its event together with others'.
    package let store:
        @Sendable (_ fields: [String], Actor, Transaction, inout [EventDraft]) throws -> RecordValues

    fileprivate init(
        _ store: @escaping @Sendable ([String], Actor, Transaction, inout [EventDraft]) throws -> RecordValues
    ) { self.store = store }
}

/// The records that a scan reads.
package enum RecordSelection: Sendable {
    /// Those behind an id, the empty one to begin with, at most so many.
    case after(String, limit: Int)
    case ids([String])
    /// Those that have one of some texts in a field. `index`: the one of their table that begins with the field.
    case having([String], in: String, index: StaticString? = nil)

    /// `nil` where the resource has no such field.
    fileprivate func condition<R>(on resource: Resource<R>) -> SQL? {
        switch self {
        case .after(let id, _): return "id > \(id)"
        case .ids(let ids): return "id IN \(list: ids)"
        case .having(let values, let name, _):
            guard let field = resource.schema[name], field.columns.count == 1, case .text = field.kind.storage
            else { return nil }
            return "\(trusted: field.columns[0]) IN \(list: values)"
        }
    }

    fileprivate var index: StaticString? {
        guard case .having(_, _, let index) = self else { return nil }
        return index
    }

    fileprivate var suffix: SQL {
        switch self {
        case .after(_, let limit): "ORDER BY id LIMIT \(limit)"
        case .ids: "ORDER BY id"
        case .having: "ORDER BY id LIMIT 2000"
        }
    }
}

/// The values of a record's fields, in the order in which they were asked for.
package struct RecordValues: Sendable {
    package let id: String, version: Int
    package let updatedAt: Instant
    package let values: [JSON]
}

extension Faults {
    /// As faults of a body in which the document is found at `place`.
    fileprivate static func throwIfAny(_ faults: Faults, below place: String) throws {
        guard !faults.isEmpty else { return }
        throw Problem(
            faults: faults.list.map { Fault(place + $0.pointer, $0.code, $0.detail, choices: $0.choices) })
    }
}

/// A field of a resource, whatever the resource's type.
package struct RecordField: Sendable {
    package let name: String
    package let isReadOnly: Bool, isRequired: Bool
    /// Whether it is set when the record is made, and fixed from then on.
    package let isWriteOnce: Bool
    package let kind: FieldKind

    fileprivate init<R>(_ field: Field<R>) {
        (name, isReadOnly, isRequired, kind) = (field.name, field.isReadOnly, field.isRequired, field.kind)
        isWriteOnce = field.isWriteOnce
    }
}
