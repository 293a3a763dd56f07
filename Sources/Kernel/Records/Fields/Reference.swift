package import Database
package import JSON
package import Nouns
internal import Synchronization

/// The kind of record that a field refers to by id: the records of one table, which may belong to another module.
package struct Referent: Sendable {
    /// The prefix of the records' ids.
    package let prefix: String
    /// The noun of the records, or what these of them are called.
    private let word: String
    /// A condition on the records that may be referred to.
    let condition: StaticString?
    private let type: any Identified.Type

    private init(_ type: any Identified.Type, named noun: String? = nil, where condition: StaticString? = nil)
    {
        (prefix, word) = (type.idPrefix, noun ?? type.noun)
        (self.condition, self.type) = (condition, type)
    }

    package init<Subject: Identified>(_ type: Subject.Type) { self.init(type, where: nil) }

    // Worked out when it is asked for: a record's table is in its declaration, which may be the one that asks.
    package var table: String { type.table }
    var kind: String { "\(table) \(word) " }
    /// The word for one of the records.
    var noun: String { word.replacing("_", with: " ") }
    /// The records' path in the API, below `/v1/`.
    package var path: String {
        (type as? any Record.Type)?.path ?? type.table.replacing("_", with: "-")
    }

    /// A user of the agency, as opposed to one of a client's people.
    package static let colleague = Referent(
        Nouns.User.self, named: "colleague", where: " AND role <> 'client'")
}

/// A reference to a record, and its place in the body.
package struct Reference: Sendable {
    package let pointer: String
    package let referent: Referent
    package let id: String

    var fault: Fault {
        Fault(pointer, "unknown_reference", "The \(referent.noun) \(id) does not exist.")
    }

    /// The key under which a transaction remembers that the record exists.
    var key: String { referent.kind + id }
}

extension FieldKind {
    /// Whether values of this kind may refer to records.
    var namesRecords: Bool {
        switch self {
        case .id, .ids: true
        case .part(let kind), .parts(let kind, _): kind.namesRecords.value
        default: false
        }
    }

    /// The kind of record that values refer to; `nil` for kinds that refer to none, and for parts.
    var referent: Referent? {
        switch self {
        case .id(let referent), .ids(let referent, _): referent
        default: nil
        }
    }

    /// Returns the references in `value`. A text that is no id is left to the validation.
    func references(in value: JSON, at pointer: String) -> [Reference] {
        switch self {
        case .id(let referent):
            guard let id = value.text, IDText.isValid(id, prefix: referent.prefix) else { return [] }
            return [Reference(pointer: pointer, referent: referent, id: id)]
        case .ids(let referent, _):
            return (value.array ?? []).enumerated().flatMap {
                FieldKind.id(referent).references(in: $1, at: "\(pointer)/\($0)")
            }
        case .part(let kind): return kind.references(value, pointer)
        case .parts(let kind, _):
            return (value.array ?? []).enumerated().flatMap { kind.references($1, "\(pointer)/\($0)") }
        default: return []
        }
    }
}

extension Schema {
    /// Returns the references in `body`, apart from those that `present` has in the same field already.
    package func references(
        in body: JSONObject, beside present: R? = nil, at place: String = ""
    ) -> [Reference] {
        var found: [Reference] = []
        for field in referring.value {
            guard let value = body[field.name], !value.isNull else { continue }
            found += field.references(in: value, beside: present, at: place)
        }
        return found
    }

    /// Returns the references in `record`, apart from those that `old` has in the same field.
    package func references(of record: R, replacing old: R?) -> [Reference] {
        var found: [Reference] = []
        for field in referring.value where field.isPresent(record) {
            if let old, field.isSame(old, record) { continue }
            found += field.references(in: field.json(record), beside: old, at: "")
        }
        return found
    }
}

extension Field {
    /// The kind of record that the field refers to, if any; a record's own id refers to nothing.
    package var refers: Referent? { name == "id" ? nil : kind.referent }

    fileprivate func references(in value: JSON, beside present: R?, at place: String) -> [Reference] {
        let found = kind.references(in: value, at: place + pointer)
        guard let present, !found.isEmpty else { return found }
        let known = Set(kind.references(in: json(present), at: "").map(\.id))
        return found.filter { !known.contains($0.id) }
    }
}

extension Queryable {
    /// Returns a fault for each reference whose record does not exist for the caller: it belongs to another agency, or
    /// there is none.
    package func unknown(among references: [Reference]) throws -> [Fault] {
        guard !references.isEmpty else { return [] }
        // The records that the agency's own rules have looked up may be hidden from a limited caller.
        let memory = limit == nil ? (self as? any WriteScope)?.pending : nil
        let open = references.filter { memory?.knownRecords[tenant]?.contains($0.key) != true }
        var found: Set<String> = []
        for (kind, asked) in Dictionary(grouping: open, by: \.referent.kind) {
            found.formUnion(try present(Set(asked.map(\.id)), of: asked[0].referent).map { kind + $0 })
        }
        memory?.knownRecords[tenant, default: []].formUnion(found)
        return open.filter { !found.contains($0.key) }.map(\.fault)
    }

    /// Returns those of `ids` that exist and that the caller may refer to.
    private func present(_ ids: Set<String>, of referent: Referent) throws -> [String] {
        var condition: SQL = "tenant_id = \(tenant) AND id IN \(list: ids.map(SQLValue.text))"
        if let more = referent.condition { condition += "\(raw: more)" }
        condition += limit(on: referent.table)
        return try all("SELECT id FROM \(trusted: referent.table) WHERE " + condition) { $0.text(0) }
    }

    /// Throws where the parameter `id` is no id of an existing record.
    package func require(_ referent: Referent, _ id: (any Key)?, at pointer: String) throws {
        guard let id = id?.keyText else { return }
        var faults = Faults()
        let kind = FieldKind.id(referent), value = JSON.string(id)
        _ = kind.validated(value, at: pointer, siblings: [:], faults: &faults)
        faults.references = kind.references(in: value, at: pointer)
        try faults.throwIfAny(in: self)
    }

    /// Does `work`. Where a reference is unknown, it throws in any case: the unknown references together with the
    /// faults that `work` finds, so that the caller sees all of them at once. Any other error of `work` is then
    /// dropped, since the missing record may have caused it.
    package func requiring(_ references: [Reference], _ work: () throws -> Void) throws {
        let unknown = try unknown(among: references)
        guard !unknown.isEmpty else { return try work() }
        do { try work() } catch let problem as Problem {
            throw Problem(faults: problem.faults).joined(by: unknown)
        } catch {}
        throw Problem(faults: unknown)
    }
}

extension Faults {
    /// Throws all faults, unknown references included.
    package func throwIfAny(in reader: some Queryable) throws {
        let unknown = try reader.unknown(among: references)
        if !unknown.isEmpty { throw Problem(faults: list).joined(by: unknown) }
        if !list.isEmpty { throw Problem(faults: list) }
    }
}

extension Problem {
    /// Returns the problem with the unknown references added. At their places other faults are dropped.
    package func joined(by unknown: [Fault]) -> Problem {
        let places = Set(unknown.map(\.pointer))
        return Problem(faults: faults.filter { !places.contains($0.pointer) } + unknown)
    }

    /// Returns the problem with those of the body's references added that are unknown.
    package func complete(in reader: some Queryable) throws -> Problem {
        let unknown = try reader.unknown(among: references)
        return unknown.isEmpty ? self : joined(by: unknown)
    }
}

/// The references of a request, collected while its handler reads it.
package final class NamedRecords: Sendable {
    private let state = Mutex<(path: [Reference], body: [Reference])>(([], []))

    package init() {}

    package func add(_ more: [Reference]) {
        if !more.isEmpty { state.withLock { $0.body += more } }
    }

    /// Adds the record that the path names; where that does not exist, the body does not matter.
    package func add<Subject: Identified>(path id: String, of type: Subject.Type) {
        let reference = Reference(pointer: "", referent: Referent(type), id: id)
        state.withLock { $0.path.append(reference) }
    }

    package var inBody: [Reference] { state.withLock { $0.body } }

    /// Throws where a record that the body refers to does not exist.
    package func check(in reader: some Queryable) throws {
        let (path, body) = state.withLock { $0 }
        let unknown = try reader.unknown(among: body)
        guard !unknown.isEmpty else { return }
        guard try reader.unknown(among: path).isEmpty else { throw Problem(.notFound) }
        throw Problem(faults: unknown)
    }
}
