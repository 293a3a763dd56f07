package import Agents
package import Database
internal import JSON
internal import Jobs
internal import Records

/// The changes that an action would make, record by record and field by field; nothing is stored yet.
package struct ChangeSetPlan: Sendable {
    package private(set) var changes: [RecordChange] = []
    package private(set) var records = 0
    private var plannedIDs: Set<String> = []

    package init() {}

    /// Adds what `wanted` would change; a field that has its new value already is left out. Throws the faults of the
    /// patch, below `/fields`.
    package mutating func add(
        _ wanted: WantedChange, of registry: RecordRegistry, in reader: any Queryable
    ) throws {
        guard let records = registry.records(of: wanted.id) else {
            throw Problem(faults: [
                Fault("/id", "unknown_reference", "id must be the id of a record that can be changed so.")
            ])
        }
        guard plannedIDs.insert(wanted.id).inserted else {
            throw Problem(faults: [
                Fault("/id", "conflict", "The record is named twice: put its fields into one change.")
            ])
        }
        let found: (before: JSON, after: JSON)
        do {
            found = try records.patched(wanted.id, wanted.fields, reader)
        } catch let problem as Problem where problem.type == .notFound {
            throw Problem(faults: [Fault("/id", "unknown_reference", "The record does not exist.")])
        } catch let problem as Problem where !problem.faults.isEmpty {
            throw Problem(faults: problem.faults.map { $0.moved(under: "/fields") })
        }
        let subject = Subject(type: records.noun, id: wanted.id), known = changes.count
        for name in wanted.fields.keys {
            let (old, new) = (found.before[name] ?? .null, found.after[name] ?? .null)
            guard old != new else { continue }
            changes.append(RecordChange(changes.count + 1, subject, name, before: old, after: new))
        }
        if changes.count > known { self.records += 1 }
    }

    /// The plan of many records, with every fault at its place in the list.
    package init(
        _ wanted: [WantedChange], of registry: RecordRegistry, at place: String, in reader: any Queryable
    ) throws {
        var faults = Faults()
        for (index, change) in wanted.enumerated() {
            do {
                try add(change, of: registry, in: reader)
            } catch let problem as Problem where !problem.faults.isEmpty {
                faults.add(contentsOf: problem.faults.map { $0.moved(under: "\(place)/\(index)") })
            }
        }
        try faults.throwIfAny()
    }
}
