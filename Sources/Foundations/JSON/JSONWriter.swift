/// Writes compact JSON into bytes, value by value; commas are the writer's affair.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: String) {
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { literal("null") }
    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
    package mutating func integer(_ value: Int64) { literal(String(value)) }

    /// A finite number; whole ones are written without a fraction, JSON knows no other ones.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        if value == value.rounded(), abs(value) < 1e15 { return integer(Int64(value)) }
        literal(value.description)
    }

    package mutating func string(_ value: String) {
        separate()
        quoted(value)
        needsComma = true
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let items):
            beginArray()
            for item in items { self.value(item) }
            endArray()
        case .object(let object):
            beginObject()
            for (name, item) in object.members {
                key(name)
                self.value(item)
            }
            endObject()
        }
    }

    package mutating func member(_ name: String, _ value: JSON) {
        key(name)
        self.value(value)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isWritten = text.utf8.withContiguousStorageIfAvailable { text in
            // Without an early end, so that many bytes are looked at together.
            guard text.reduce(0, { $0 | ($1.isEscaped ? 1 : 0) }) == 0 else { return false }
            bytes.append(contentsOf: text)
            return true
        }
        if isWritten != true { for byte in text.utf8 { bytes.appendEscaped(byte) } }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension UInt8 {
    /// Whether it stands inside a JSON string in another way than by itself.
    fileprivate var isEscaped: Bool {
        self < 0x20 || self == 0x7F || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)

extension [UInt8] {
    /// Appends one byte of UTF-8 text as it stands inside a JSON string.
    package mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x0D: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        case 0x09: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0..<0x20, 0x7F:
            append(contentsOf: Array("\\u00".utf8))
            append(hexDigits[Int(byte >> 4)])
            append(hexDigits[Int(byte & 15)])
        default: append(byte)
        }
    }
}
