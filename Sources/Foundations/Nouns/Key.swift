/// A value that names something in a list of mixed kinds: the identifier of a record, or a text where it is none.
package protocol Key: Sendable {
    /// The name as it is stored.
    var keyText: String { get }
}

extension ID: Key {
    package var keyText: String { text }
}

extension String: Key {
    package var keyText: String { self }
}
