package import Database
package import JSON
internal import Nouns
package import Records

/// The types of events of this installation, and how the records that they are about are shown.
package final class EventCatalog: Sendable {
    private let docs: [String: EventDoc]
    private let shown: [String: ShownRecord]

    init(_ docs: [String: EventDoc], shown: [String: ShownRecord]) { (self.docs, self.shown) = (docs, shown) }

    package func knows(_ name: String) -> Bool { docs[name] != nil }

    /// Returns what is wrong with a subscription to a type such as `lead.created`, `lead.*` or `*`; `nil` where
    /// nothing is.
    package func fault(of type: String) -> String? {
        if type == "*" { return nil }
        if type.hasSuffix(".*") {
            let kinds = Set(docs.keys.map { String($0.prefix { $0 != "." }) + ".*" })
            if kinds.contains(type) { return nil }
            return unknown("No events match \(type.prefix(100))", of: kinds, type)
        }
        if knows(type) { return nil }
        return unknown("The event type \(type.prefix(100)) does not exist", of: docs.keys, type)
    }

    private func unknown(_ fault: String, of known: some Collection<String>, _ type: String) -> String {
        let near = suggestion(for: type, among: known.sorted())
        return near == nil ? "\(fault)." : fault + didYouMean(near)
    }

    /// Returns sample data of the type.
    func sample(_ type: String) -> JSONObject {
        guard let schema = docs[type]?.schema(record: nil) else { return [:] }
        return sampleValue(of: schema).object ?? [:]
    }

    /// Returns an event's subject as the API shows it, null where it was deleted, and `nil` where the API serves no
    /// such records.
    package func record(of subject: Subject, in reader: any Queryable) throws -> JSON? {
        guard let shown = shown[subject.type] else { return nil }
        return try shown.find(reader, [subject.id])[subject.id] ?? .null
    }

    /// Returns the subjects of many events by their ids; those that the reader may not see are null.
    package func records(
        of events: [Event], for reading: EventReading, in reader: any Queryable
    ) throws -> [String: JSON] {
        var records: [String: JSON] = [:]
        for (kind, events) in Dictionary(grouping: events.filter { !$0.isPassing }, by: \.subject.type) {
            guard let shown = shown[kind] else { continue }
            let ids = Set(events.map(\.subject.id))
            for id in ids { records[id] = .null }
            guard reading.permissions.contains(shown.read) else { continue }
            for (id, record) in try shown.find(reader, ids.sorted()) where reading.sees(record, of: kind) {
                records[id] = record
            }
        }
        return records
    }
}

/// The limits of what a reader of events may see of their subjects.
package struct EventReading: Hashable, Sendable {
    let permissions: Set<Permission>
    /// The clients whose records the reader sees; `nil` for all.
    let clientIDs: [ClientID]?

    package init(_ principal: Principal?) {
        (permissions, clientIDs) = (principal?.permissions ?? [], principal?.limit?.clients)
    }

    func sees(_ record: JSON, of kind: String) -> Bool {
        guard let clientIDs else { return true }
        let client = kind == "client" ? record["id"] : record["client_id"]
        return client?.id().map(clientIDs.contains) ?? false
    }
}

/// Returns a value that a schema allows.
private func sampleValue(of schema: JSON) -> JSON {
    if let example = schema["examples"]?.array?.first { return example }
    if let choice = schema["enum"]?.array?.first { return choice }
    switch schema["type"]?.text ?? schema["type"]?.array?.first?.text {
    case "string": return schema["format"] == "date-time" ? "2027-01-05T10:00:00.000Z" : "example"
    case "integer": return 1
    case "number": return 0.5
    case "boolean": return true
    case "array": return .array([sampleValue(of: schema["items"] ?? [:])])
    case "object":
        let required = Set((schema["required"]?.array ?? []).compactMap(\.text))
        var object = JSONObject()
        for (name, part) in schema["properties"]?.object?.members ?? [] where required.contains(name) {
            object[name] = sampleValue(of: part)
        }
        return .object(object)
    default: return .null
    }
}
