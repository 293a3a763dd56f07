package import Database
internal import JSON
package import Records
package import Runtime

/// How records of a resource come in from files and go out into them, beyond what its declaration says.
package struct Transfer<R: ManagedRecord>: Sendable {
    package let resource: Resource<R>
    /// The names of columns elsewhere, separated by commas, by the field or column of a reference that is meant.
    package var names: [String: String] = [:]
    /// The names of choices' values elsewhere, separated by commas: by field, then by value.
    package var words: [String: [String: String]] = [:]
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
    /// The names of custom fields and other systems, for those that have them.
    package var members: @Sendable (Reader) throws -> TransferMembers = { _ in TransferMembers() }
    /// The record that is the same.
    package var known: @Sendable (R, Transaction) throws -> ID<R>?
    /// Stores a new one.
    package var create: @Sendable (inout R, Actor, Transaction) throws -> Void = {
        try $2.create(&$0, by: $1)
    }

    package init(
        _ resource: Resource<R>, known: @escaping @Sendable (R, Transaction) throws -> ID<R>?
    ) {
        self.resource = resource
        self.known = known
    }

    /// The field of that name, if a file may fill it.
    func writable(_ name: String) -> Field<R>? {
        resource.schema[name].flatMap { $0.isReadOnly || $0.isSecret ? nil : $0 }
    }

    /// Whether cells can go to a target of that name.
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
