internal import JSON

/// A word of what stands in a tag.
struct Lexeme {
    enum Kind: Equatable {
        case name(String)
        case text(String)
        case number(JSON)
        /// `==`, `|`, `[` …
        case sign(String)
    }

    let kind: Kind
    /// Byte of the source.
    let start: Int

    /// As the writer would recognise it.
    var quoted: String {
        switch kind {
        case .name(let name): "'\(name)'"
        case .text(let text): "\"\(text)\""
        case .number: "a number"
        case .sign(let sign): "'\(sign)'"
        }
    }
}

/// A fault in the syntax of a tag.
struct SyntaxFault: Error {
    let offset: Int
    let detail: String
}

/// Takes the inside of a tag apart.
struct Lexer {
    private let bytes: [UInt8]
    private let end: Int
    private var position: Int

    static func lexemes(_ bytes: [UInt8], _ range: Range<Int>) throws(SyntaxFault) -> [Lexeme] {
        var lexer = Lexer(bytes: bytes, end: range.upperBound, position: range.lowerBound)
        var found: [Lexeme] = []
        while let next = try lexer.next() { found.append(next) }
        return found
    }

    private mutating func next() throws(SyntaxFault) -> Lexeme? {
        while position < end, bytes[position] <= 0x20 { position += 1 }
        guard position < end else { return nil }
        let start = position, byte = bytes[position]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return Lexeme(kind: .text(try quoted(byte)), start: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Lexeme(kind: .number(try number()), start: start)
        case UInt8(ascii: "-") where position + 1 < end && isDigit(bytes[position + 1]):
            return Lexeme(kind: .number(try number()), start: start)
        case _ where isNameStart(byte):
            while position < end, isNamePart(bytes[position]) { position += 1 }
            return Lexeme(kind: .name(String(decoding: bytes[start..<position], as: UTF8.self)), start: start)
        default: return Lexeme(kind: .sign(try sign()), start: start)
        }
    }

    private mutating func quoted(_ mark: UInt8) throws(SyntaxFault) -> String {
        let start = position
        position += 1
        while position < end, bytes[position] != mark { position += 1 }
        guard position < end else {
            throw SyntaxFault(
                offset: start,
                detail: "The text in quotation marks is never closed: close it with the same mark.")
        }
        position += 1
        return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
    }

    private mutating func number() throws(SyntaxFault) -> JSON {
        let start = position
        position += 1
        while position < end, isDigit(bytes[position]) { position += 1 }
        if position + 1 < end, bytes[position] == UInt8(ascii: "."), isDigit(bytes[position + 1]) {
            position += 1
            while position < end, isDigit(bytes[position]) { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int64(text) { return .integer(whole) }
        guard let value = Double(text), abs(value) < 1e15 else {
            throw SyntaxFault(offset: start, detail: "The number \(text.prefix(40)) is too long.")
        }
        return .number(value)
    }

    private mutating func sign() throws(SyntaxFault) -> String {
        let two = String(decoding: bytes[position..<min(position + 2, end)], as: UTF8.self)
        if ["==", "!=", "<=", ">="].contains(two) {
            position += 2
            return two
        }
        let one = String(decoding: bytes[position...position], as: UTF8.self)
        guard [".", "|", ":", ",", "[", "]", "<", ">"].contains(one) else {
            let hint =
                switch one {
                case "=": "Compare with == instead of a single =."
                case "&": "Write and instead of &."
                case "!": "Write {% unless … %}, or compare with !=."
                case "(", ")": "Conditions cannot have brackets: put one {% if %} into another."
                case "+", "-", "*", "/": "Templates cannot calculate: pass the result as a value."
                default: "'\(one)' means nothing here."
                }
            throw SyntaxFault(offset: position, detail: hint)
        }
        position += 1
        return one
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func isNameStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
    }
}
