/// The place and the reason of a fault because of which a text is no JSON.
package struct JSONError: Error, Equatable, Sendable {
    /// 1-based; `column` counts bytes.
    package let line: Int, column: Int
    package let reason: String
}

/// A strict reader of JSON (RFC 8259): UTF-8 only, no duplicate names, no text after the value, no
/// lone surrogates, bounded nesting. One pass over the bytes; the place of a fault is counted only
/// when there is one.
package struct JSONParser {
    /// The limit of nesting, of arrays and of objects.
    package static let depthMax = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes)
        try parser.checkEncoding()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.fault("text after the value") }
        return value
    }

    package static func parse(_ text: String) throws(JSONError) -> JSON { try parse(Array(text.utf8)) }

    private func checkEncoding() throws(JSONError) {
        guard String(validating: bytes, as: UTF8.self) == nil else { return }
        var end = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): end += UTF8.width(scalar)
            case .emptyInput, .error: break decoding
            }
        }
        throw fault("invalid UTF-8", at: end)
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw fault("a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("a value was expected")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        guard depth <= Self.depthMax else { throw fault("nested deeper than \(Self.depthMax) levels") }
        position += 1
        var object = JSONObject()
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("a name in quotes was expected")
            }
            let start = position
            let name = try string()
            let isNew =
                object.count < 16
                ? object[name] == nil
                : {
                    if names.isEmpty { names = Set(object.keys) }
                    return names.insert(name).inserted
                }()
            guard isNew else { throw fault("a name occurs twice", at: start) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("':' was expected") }
            object.append(name, try value(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(object) }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or '}' was expected") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        guard depth <= Self.depthMax else { throw fault("nested deeper than \(Self.depthMax) levels") }
        position += 1
        var items: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or ']' was expected") }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw fault("a control character in a string")
            default: position += 1
            }
        }
        throw fault("the string does not end")
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault("a control character in a string", at: position - 1)
            default: text.append(byte)
            }
        }
        throw fault("the string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw fault("the string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: try escapedScalar())
        default: throw fault("an unknown escape", at: position - 1)
        }
    }

    private mutating func escapedScalar() throws(JSONError) -> [UInt8] {
        let start = position
        let high = try hexadecimal()
        var code = UInt32(high)
        if (0xD800..<0xDC00).contains(high) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw fault("half a surrogate pair", at: start)
            }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair", at: start) }
            code = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair", at: start) }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw fault("four hexadecimal digits were expected") }
        var code: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault("four hexadecimal digits were expected")
            }
            code = code << 4 | UInt16(digit)
        }
        position += 4
        return code
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        guard let first = digit() else { throw fault("a digit was expected") }
        if first != 0 { while digit() != nil {} }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digit() != nil else { throw fault("a digit was expected") }
            while digit() != nil {}
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digit() != nil else { throw fault("a digit was expected") }
            while digit() != nil {}
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw fault("a number out of range", at: start)
        }
        return .number(value)
    }

    private mutating func digit() -> Int? {
        guard position < bytes.count, case let byte = bytes[position],
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        else { return nil }
        position += 1
        return Int(byte - UInt8(ascii: "0"))
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = position + text.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.description.utf8) else {
            throw fault("a value was expected")
        }
        position = end
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func fault(_ reason: String, at place: Int? = nil) -> JSONError {
        let before = bytes[..<min(place ?? position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(line: line, column: column, reason: reason)
    }
}
