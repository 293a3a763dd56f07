package import Agents
package import Database
internal import JSON
package import Lexicons
package import Nouns
package import Records

/// The rules by which records of a resource are imported from files and exported into them, beyond what its declaration
/// says.
package struct Transfer<R: ManagedRecord>: Sendable {
    package let resource: Resource<R>
    /// The names elsewhere, in a section each: those of columns by the field, companion or column of a reference that
    /// is meant (`[given_at]`), and those of a choice's values by field and value (`[status: granted]`).
    let lexicon: Deferred<Lexicon>
    /// The values of choices by their names elsewhere, folded: by field, then by name.
    let words: Deferred<[String: [String: String]]>
    package var references: [TransferReference] = []
    /// Columns that are no fields, for `settle`.
    package var companions: Set<String> = []
    /// The field that takes what finds no place of its own; without one that is a fault.
    package var leftovers: String?
    /// Fields whose unreadable cells go there.
    package var lenient: Set<String> = []
    /// The field that a file without names of columns has values for, judged by a cell of its first line.
    package var bareField: @Sendable (_ cell: String) -> String? = { _ in nil }
    /// Makes a row whole: fills in what it does not say, and takes companions in.
    package var settle: @Sendable (inout TransferRow) -> Void = { _ in }
    /// Takes into a record what its row says beside its fields, before its like is looked for.
    package var complete: @Sendable (inout R, TransferRow, WrittenTime, Transaction) throws -> Void = {
        _, _, _, _ in
    }
    /// The names of custom fields and other systems, for those that have them.
    package var members: @Sendable (Reader) throws -> TransferMembers = { _ in TransferMembers() }
    /// The record that is the same.
    package var known: @Sendable (R, Transaction) throws -> ID<R.Identity>?
    /// Stores a new one.
    package var create: @Sendable (inout R, Actor, Transaction) throws -> Void = {
        try $2.create(&$0, by: $1)
    }
    /// Stores a known one with what its row says; `false` where that changes nothing.
    package var change: @Sendable (R, inout R, Actor, Transaction) throws -> Bool = {
        try $3.update($0, to: &$1, by: $2)
    }

    /// The lexicon is read when the first file comes in.
    package init(
        _ resource: Resource<R>, _ names: @autoclosure @escaping @Sendable () -> Lexicon,
        known: @escaping @Sendable (R, Transaction) throws -> ID<R.Identity>?
    ) {
        let lexicon = Deferred { names() }
        self.resource = resource
        self.lexicon = lexicon
        words = Deferred { Self.words(resource.fields, lexicon.value) }
        self.known = known
    }

    private static func words(_ fields: [Field<R>], _ lexicon: Lexicon) -> [String: [String: String]] {
        var words: [String: [String: String]] = [:]
        for field in fields {
            guard case .choice(let choices) = field.kind else { continue }
            for choice in choices {
                for name in lexicon.phrases("\(field.name): \(choice)") {
                    words[field.name, default: [:]][TransferCell.folded(name)] = choice
                }
            }
        }
        return words
    }

    /// The fields, columns of references and companions that a file may fill.
    var targets: [String] {
        resource.fields.map(\.name).filter { writable($0) != nil } + references.flatMap(\.columns)
            + companions.sorted()
    }

    /// The field of that name, if a file may fill it.
    func writable(_ name: String) -> Field<R>? {
        resource.schema[name].flatMap { $0.isReadOnly || $0.isSecret ? nil : $0 }
    }

    /// Returns whether cells can go to a target of that name.
    func isTarget(_ name: String) -> Bool {
        if writable(name) != nil || companions.contains(name) || name == Self.currency && hasMoney {
            return true
        }
        if references.contains(where: { $0.columns.contains(name) }) { return true }
        guard let dot = name.firstIndex(of: "."), writable(String(name[..<dot])) != nil,
            ["custom", "external_ids"].contains(name[..<dot])
        else { return false }
        return String(name[name.index(after: dot)...]).isCustomKey
    }

    /// The column that says what amounts of the same row are in.
    static var currency: String { "currency" }

    private var hasMoney: Bool {
        resource.fields.contains { if case .money = $0.kind { !$0.isReadOnly } else { false } }
    }

    /// Refuses a mapping to what no cell can go to.
    func check(_ mapping: JSON) throws(Problem) {
        guard let object = mapping.object else {
            throw Problem(faults: [
                Fault(
                    "/mapping/", "invalid_mapping",
                    "mapping must be a JSON object, such as {\"column\": \"field\"}.")
            ])
        }
        for (header, target) in object.members where !target.isNull {
            guard let name = target.text, isTarget(name) else {
                throw Problem(faults: [
                    Fault(
                        "/mapping/\(header.pointerToken)", "invalid_mapping",
                        "'\(target.text ?? "")' is not a field that an import can fill.")
                ])
            }
        }
    }
}
