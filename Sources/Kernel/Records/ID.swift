package import Cryptography
package import Database

/// A type whose records have identifiers of their own.
package protocol Identified: Sendable {
    /// The prefix of identifiers of this type: `lead` in `lead_01jd8…`.
    static var idPrefix: String { get }
    /// The name of the type where a word is due: in `lead.created`, in `{"type": "lead"}`.
    static var noun: String { get }
}

extension Identified {
    package static var noun: String { idPrefix }
}

/// The identifier of a `Subject`: its prefix, `_`, and 26 characters of base 32 that sort by time.
package struct ID<Subject: Identified>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let value: UniqueID

    package init(_ value: UniqueID) { self.value = value }

    /// `nil` when `text` is no identifier of a `Subject`.
    package init?(_ text: String) {
        let prefix = Subject.idPrefix.utf8
        guard text.utf8.count == prefix.count + 27, text.utf8.starts(with: prefix) else { return nil }
        let mark = text.utf8.index(text.startIndex, offsetBy: prefix.count)
        guard text.utf8[mark] == UInt8(ascii: "_"),
            let value = UniqueID(text[text.utf8.index(after: mark)...])
        else { return nil }
        self.value = value
    }

    /// The identifier of a record that has not been given its own yet.
    package static var unset: ID { ID(.zero) }

    package var text: String { "\(Subject.idPrefix)_\(value.description)" }
    package var description: String { text }

    package static func < (a: ID, b: ID) -> Bool { a.value < b.value }
}

extension ID: SQLConvertible {
    package var sqlValue: SQLValue { .text(text) }
}

extension ColumnReader {
    /// Reads an identifier that is stored for every row.
    package mutating func id<Subject: Identified>(_ name: String) -> ID<Subject> {
        let text = text(name)
        if let id = ID<Subject>(text) { return id }
        precondition(!hasRow, "a stored \(Subject.idPrefix) id is malformed")
        return .unset
    }
}
