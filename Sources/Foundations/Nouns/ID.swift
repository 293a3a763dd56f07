/// A type whose records have identifiers of their own.
package protocol Identified: Sendable {
    /// The prefix of identifiers of this type: `lead` in `lead_01jd8…`; at most eight characters of ASCII.
    static var idPrefix: String { get }
    /// The name of the type where a word is due: in `lead.created`, in `{"type": "lead"}`.
    static var noun: String { get }
    /// The table of its records.
    static var table: String { get }
}

extension Identified {
    package static var noun: String { idPrefix }
}

/// The identifier of a `Subject`: its prefix, `_`, and 26 characters of base 32 that sort by time.
package struct ID<Subject: Identified>: Hashable, Sendable, Comparable {
    package let value: UniqueID

    package init(_ value: UniqueID) { self.value = value }

    /// `nil` when `text` is no identifier of a `Subject`.
    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ unsafe ID(utf8: $0) }) else { return nil }
        self = id
    }

    /// Reads the same from bytes.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard let value = unsafe UniqueID(utf8: text, behind: Subject.idPrefix) else { return nil }
        self.value = value
    }

    /// `nil` when `id` is that of another type.
    package init?(_ id: UntypedID) {
        guard id == UntypedID(prefix: Subject.idPrefix, id.value) else { return nil }
        value = id.value
    }

    /// The identifier of a record that has not been given its own yet.
    package static var unset: ID { ID(.zero) }

    package var isUnset: Bool { value == .zero }

    /// The identifier without its type.
    package var untyped: UntypedID { UntypedID(prefix: Subject.idPrefix, value) }

    package var text: String { untyped.description }

    package static func < (a: ID, b: ID) -> Bool { a.value < b.value }
}

extension ID: CustomStringConvertible {
    package var description: String { text }
}

/// Encoded as its text: in the payloads of jobs, say.
extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer(), text = try container.decode(String.self)
        guard let id = ID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not the id of a \(Subject.noun).")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// An identifier of any type, kept in 24 bytes: as databases take it, and as its text is written.
package struct UntypedID: Hashable, Sendable {
    /// The prefix's characters, the first in the lowest byte.
    private let prefix: UInt64
    fileprivate let value: UniqueID

    package init(prefix: String, _ value: UniqueID) {
        var characters: UInt64 = 0, shift: UInt64 = 0
        for character in prefix.utf8 {
            characters |= UInt64(character) << shift
            shift += 8
        }
        assert(shift <= 64, "'\(prefix)' has more than eight characters")
        (self.prefix, self.value) = (characters, value)
    }

    private var prefixCount: Int { (71 - prefix.leadingZeroBitCount) / 8 }

    /// Lends the text in UTF-8 for the duration of the call.
    package func withUTF8<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { buffer in
            let count = unsafe fill(buffer)
            return try unsafe body(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let count = prefixCount
        for place in 0..<count {
            unsafe buffer[place] = UInt8(truncatingIfNeeded: prefix >> UInt64(place * 8))
        }
        unsafe buffer[count] = UInt8(ascii: "_")
        unsafe value.fill(UnsafeMutableBufferPointer(rebasing: buffer[(count + 1)...]))
        return count + 27
    }
}

extension UntypedID: CustomStringConvertible {
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: 36) { unsafe fill($0) }
    }
}
