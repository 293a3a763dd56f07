/// A value in a response of IMAP (RFC 3501 §4).
enum IMAPValue: Hashable {
    case atom(String)
    /// Quoted, or a literal.
    case text([UInt8])
    case list([IMAPValue])

    var atom: String? { if case .atom(let atom) = self { atom } else { nil } }
    var list: [IMAPValue]? { if case .list(let list) = self { list } else { nil } }
    /// Servers are free to quote or not.
    var bytes: [UInt8]? {
        switch self {
        case .atom(let atom): atom.uppercased() == "NIL" ? nil : Array(atom.utf8)
        case .text(let bytes): bytes
        case .list: nil
        }
    }
    var string: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
    var number: UInt32? { atom.flatMap { UInt32($0) } }
}

/// A response with all its literals.
enum IMAPResponse {
    /// Data that the server tells by the way.
    case data([IMAPValue])
    /// `OK`, `NO`, `BAD`, `BYE` or `PREAUTH`; `tag` where it ends a command.
    case status(tag: String?, String, code: [IMAPValue], text: String)
    /// The server waits for more of the command.
    case more(String)

    private static let depthMax = 20

    /// Reads one. No literal may be longer than `literalMax`.
    init(from connection: ServerConnection, literalMax: Int) throws(MailFault) {
        // A list of all numbers of a large mailbox is one line.
        var line = try connection.readLine(max: 16 << 20)
        let text = String(decoding: line.prefix(1000), as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        if words[0] == "+" {
            self = .more(String(text.dropFirst(2)))
            return
        }
        guard words.count > 1 else { throw .protocol("a line is not an IMAP response") }
        let tag = words[0] == "*" ? nil : String(words[0])
        if ["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(words[1].uppercased()) {
            self = Self.status(tag, words[1].uppercased(), words.count > 2 ? words[2] : "")
            return
        }
        guard tag == nil else { throw .protocol("a line is not an IMAP response") }
        line.removeFirst(2)
        var scanner = IMAPScanner()
        scanner.take(line)
        while let count = Self.literal(at: line) {
            guard count <= literalMax else { throw .tooLarge(limit: literalMax) }
            scanner.takeLiteral(try connection.read(count))
            line = try connection.readLine(max: 1 << 20)
            scanner.take(line)
        }
        guard let values = scanner.values(depthMax: Self.depthMax) else {
            throw .protocol("a line is not an IMAP response")
        }
        self = .data(values)
    }

    private static func status(_ tag: String?, _ word: String, _ rest: Substring) -> IMAPResponse {
        guard rest.hasPrefix("["), let end = rest.firstIndex(of: "]") else {
            return .status(tag: tag, word, code: [], text: String(rest))
        }
        var scanner = IMAPScanner()
        scanner.take(Array(rest[rest.index(after: rest.startIndex)..<end].utf8))
        let code = scanner.values(depthMax: depthMax) ?? []
        return .status(
            tag: tag, word, code: code, text: String(rest[rest.index(after: end)...].drop { $0 == " " }))
    }

    /// Returns the length of the literal that the line announces.
    private static func literal(at line: [UInt8]) -> Int? {
        guard line.last == UInt8(ascii: "}"), let open = line.lastIndex(of: UInt8(ascii: "{")) else {
            return nil
        }
        return Int(String(decoding: line[(open + 1)..<(line.count - 1)], as: UTF8.self)).flatMap {
            $0 >= 0 ? $0 : nil
        }
    }
}

/// Takes a response's lines and literals apart.
private struct IMAPScanner {
    private enum Token { case open, close, value(IMAPValue) }
    private var tokens: [Token] = []
    private var isSound = true

    mutating func take(_ line: [UInt8]) {
        var place = 0
        while place < line.count {
            switch line[place] {
            case UInt8(ascii: " "): place += 1
            case UInt8(ascii: "("):
                tokens.append(.open)
                place += 1
            case UInt8(ascii: ")"):
                tokens.append(.close)
                place += 1
            case UInt8(ascii: "\""): quoted(line, &place)
            default: atom(line, &place)
            }
        }
    }

    mutating func takeLiteral(_ bytes: [UInt8]) { tokens.append(.value(.text(bytes))) }

    private mutating func quoted(_ line: [UInt8], _ place: inout Int) {
        var bytes: [UInt8] = []
        place += 1
        while place < line.count, line[place] != UInt8(ascii: "\"") {
            if line[place] == UInt8(ascii: "\\"), place + 1 < line.count { place += 1 }
            bytes.append(line[place])
            place += 1
        }
        if place == line.count { isSound = false }
        place += 1
        tokens.append(.value(.text(bytes)))
    }

    /// Up to a space or bracket; `BODY[…]` may have both inside.
    private mutating func atom(_ line: [UInt8], _ place: inout Int) {
        let start = place
        var isInside = false
        while place < line.count, isInside || !" ()".utf8.contains(line[place]) {
            if line[place] == UInt8(ascii: "[") { isInside = true }
            if line[place] == UInt8(ascii: "]") { isInside = false }
            place += 1
        }
        let text = String(decoding: line[start..<place], as: UTF8.self)
        // The announcement of a literal is none of the values.
        if place == line.count, text.hasPrefix("{"), text.hasSuffix("}") { return }
        tokens.append(.value(.atom(text)))
    }

    func values(depthMax: Int) -> [IMAPValue]? {
        var stack: [[IMAPValue]] = [[]]
        for token in tokens {
            switch token {
            case .open:
                guard stack.count < depthMax else { return nil }
                stack.append([])
            case .close:
                guard stack.count > 1 else { return nil }
                let list = stack.removeLast()
                stack[stack.count - 1].append(.list(list))
            case .value(let value): stack[stack.count - 1].append(value)
            }
        }
        return isSound && stack.count == 1 ? stack[0] : nil
    }
}
