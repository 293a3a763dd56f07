internal import Database
internal import JSON
package import Records

/// The resources whose records tools may touch, by the prefix of their ids.
package struct RecordRegistry: Sendable {
    private var byPrefix: [String: ToolRecords] = [:]

    /// Those of an id such as `lead_01jd8…`.
    package func records(of id: String) -> ToolRecords? {
        id.lastIndex(of: "_").flatMap { byPrefix[String(id[..<$0])] }
    }

    package var prefixes: [String] { byPrefix.keys.sorted() }

    mutating func add(_ records: ToolRecords) {
        precondition(byPrefix[records.prefix] == nil, "records of \(records.prefix) are registered twice")
        byPrefix[records.prefix] = records
    }
}

/// What tools do with one resource's records, whatever their type.
package struct ToolRecords: Sendable {
    package let prefix: String
    package let read: Permission, write: Permission
    /// As `PATCH` does: the merge patch, checked by the resource's own schema and rules.
    let update: @Sendable (String, JSONObject, Actor, Transaction) throws -> JSON

    init<R: ManagedRecord>(_ resource: Resource<R>, read: Permission, write: Permission) {
        (prefix, self.read, self.write) = (resource.prefix, read, write)
        update = { text, changes, actor, tx in
            guard let id = ID<R>(text) else { throw Problem(.notFound) }
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

/// Changes a record of the agency's, with everything that a change over HTTP brings along.
struct UpdateRecordTool: InsideTool {
    struct Input: Declared {
        var id = ""
        var changes = JSONObject()

        static let schema = Schema<Input>(
            "UpdateRecordInput",
            [
                .text("id", \.id, max: 100, .required, .about("The record's id, say of a lead.")),
                .document(
                    "changes", \.changes, .required, .about("A merge patch, as PATCH of the record takes it.")
                ),
            ])
    }

    static let name = "update_record"
    let title = "Change a record"
    let summary = "Changes fields of a record of the agency's, such as a lead's tags or status."
    let effect = ToolClass.writes
    let records: RecordRegistry

    func permission(for input: Input) -> Permission? { records.records(of: input.id)?.write }

    func faults(_ input: Input) -> [ValueFault] {
        guard records.records(of: input.id) == nil else { return [] }
        return [
            ValueFault(
                pointer: "/id", code: "unknown_reference",
                detail:
                    "Not the id of a record that can be changed (\(records.prefixes.joined(separator: ", ")))."
            )
        ]
    }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: "Change \(input.id)", text: "Sets \(input.changes.keys.joined(separator: ", ")).",
            recipient: input.id)
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        guard let records = records.records(of: input.id) else { throw Problem(.notFound) }
        return try records.update(input.id, input.changes, call.caller.actor, tx)
    }
}
