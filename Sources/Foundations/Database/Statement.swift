import Synchronization

/// A statement whose text never changes, kept as a `static let`: a connection finds its prepared form by
/// index, without hashing the text. Each value made takes a slot in every connection for good, so never
/// make one per request: that is what `SQL` is for.
package final class Statement: Sendable {
    private static let count = Atomic<Int>(0)

    /// The text, with `$1`, `$2`, … for the values; a number may be used twice.
    package let text: String
    let index: Int

    package init(_ text: String) {
        self.text = text
        index = Statement.count.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
