internal import Cryptography
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Wire

/// The resources whose records tools may touch, by the prefix of their ids.
package struct RecordRegistry: Sendable {
    private var byPrefix: [String: ToolRecords] = [:]

    /// Those of an id such as `lead_01jd8…`.
    package func records(of id: String) -> ToolRecords? {
        id.lastIndex(of: "_").flatMap { byPrefix[String(id[..<$0])] }
    }

    /// Those of a type such as `lead`.
    package subscript(type: String) -> ToolRecords? { byPrefix[type] }

    package var types: [String] { byPrefix.keys.sorted() }

    mutating func add(_ records: ToolRecords) {
        precondition(byPrefix[records.prefix] == nil, "records of \(records.prefix) are registered twice")
        byPrefix[records.prefix] = records
    }
}

/// The operations that tools have on one resource's records, whatever their type.
package struct ToolRecords: Sendable {
    package let prefix: String
    package let read: Permission, write: Permission
    /// The fields that leave, in the order of the declaration.
    package let fields: [RecordField]
    /// As `GET`, `POST` and `PATCH` of the resource do, checked by its own schema and rules.
    let get: @Sendable (String, Transaction) throws -> JSON
    let find: @Sendable ([QueryItem], Transaction) throws -> JSON
    let create: @Sendable (JSONObject, Actor, Transaction) throws -> JSON
    let update: @Sendable (String, JSONObject, Actor, Transaction) throws -> JSON

    init<R: ManagedRecord>(_ resource: Resource<R>, read: Permission, write: Permission) {
        (prefix, self.read, self.write) = (resource.prefix, read, write)
        fields = resource.visible.map(RecordField.init)
        get = { text, tx in
            guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
            return resource.schema.json(try resource.get(id, in: tx))
        }
        find = { query, tx in
            let page = try ListQuery(resource, query, dialect: tx.dialect).written(in: tx)
            return JSON(stored: page.text)["data"] ?? []
        }
        create = { fields, actor, tx in
            var record = R.new(id: tx.nextID(), now: tx.now), faults = Faults()
            resource.schema.create(&record, from: fields, faults: &faults)
            try Faults.throwIfAny(faults, below: "/fields")
            record.derive()
            try tx.create(&record, by: actor)
            return resource.schema.json(record)
        }
        update = { text, changes, actor, tx in
            guard let id = ID<R.Identity>(text) else { throw Problem(.notFound) }
            let old = try resource.get(id, in: tx)
            var record = old, faults = Faults()
            _ = resource.schema.patch(&record, with: changes, faults: &faults)
            try Faults.throwIfAny(faults, below: "/changes")
            try tx.update(old, to: &record, by: actor)
            return resource.schema.json(record)
        }
    }
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
    package let isReadOnly: Bool

    fileprivate init<R>(_ field: Field<R>) { (name, isReadOnly) = (field.name, field.isReadOnly) }
}
