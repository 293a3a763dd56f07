/// A Swift file taken apart into code, texts and comments: enough for rules on words, no parser.
struct SwiftSource: Sendable {
    struct Piece: Sendable {
        /// Without its quotation marks; interpolations as they are written.
        var text: String
        /// From 1.
        var line: Int
        var isMultiline = false
    }

    let path: String, text: String
    /// The lines as they stand.
    let lines: [String]
    /// The lines with spaces for texts and comments; what is interpolated stays.
    let code: [String]
    let literals: [Piece]
    let comments: [Piece]

    /// The module's name: `Sources/Kernel/Records/…` is Records, and `Sources/Bureau/…` is Bureau.
    var module: String {
        let parts = path.split(separator: "/").dropFirst()
        let isAlone = parts.first == "Providers" || parts.first == "Bureau"
        return parts.dropFirst(isAlone ? 0 : 1).first.map(String.init) ?? ""
    }

    init(path: String, text: String) {
        var scanner = Scanner(Array(text.utf8))
        scanner.scanCode(untilClosing: false)
        (self.path, self.text) = (path, text)
        lines = text.lines.map(String.init)
        code = String(decoding: scanner.code, as: UTF8.self).lines.map(String.init)
        (literals, comments) = (scanner.literals, scanner.comments)
    }

    /// Numbers of the lines that belong to texts of several lines, or to one text longer than `width`.
    func linesOfText(widerThan width: Int = .max) -> Set<Int> {
        var numbers: Set<Int> = []
        for literal in literals where literal.isMultiline || literal.text.count > width {
            let newlines = literal.text.utf8.count { $0 == UInt8(ascii: "\n") }
            numbers.formUnion(literal.line..<literal.line + max(newlines, 1))
        }
        return numbers
    }

    /// The lines around a place that hold it, by their indentation, innermost first, itself included: where
    /// the file is formatted, these are the declarations and calls that it stands in.
    func enclosing(line: Int) -> [String] {
        func indentation(_ text: String) -> Int { text.utf8.prefix { $0 == UInt8(ascii: " ") }.count }
        var found = [code[line - 1]]
        var limit = indentation(lines[line - 1])
        for index in stride(from: line - 2, through: 0, by: -1) {
            let (text, depth) = (lines[index], indentation(lines[index]))
            guard depth < limit, depth < text.utf8.count else { continue }
            found.append(code[index])
            // A closing bracket belongs to a declaration that begins at the same depth, further up.
            limit = text.utf8.dropFirst(depth).first == UInt8(ascii: ")") ? depth + 1 : depth
        }
        return found
    }
}

private struct Scanner {
    var bytes: [UInt8], code: [UInt8]
    var position = 0, line = 1
    var literals: [SwiftSource.Piece] = [], comments: [SwiftSource.Piece] = []

    init(_ bytes: [UInt8]) { (self.bytes, code) = (bytes, bytes) }

    func at(_ text: StaticString, _ offset: Int = 0) -> Bool {
        let start = position + offset, count = text.utf8CodeUnitCount
        guard start + count <= bytes.count else { return false }
        for index in 0..<count where bytes[start + index] != text.utf8Start[index] { return false }
        return true
    }

    /// One byte on; blank in the code unless it is code.
    mutating func step(isCode: Bool) {
        if bytes[position] == UInt8(ascii: "\n") {
            line += 1
        } else if !isCode {
            code[position] = UInt8(ascii: " ")
        }
        position += 1
    }

    mutating func scanCode(untilClosing: Bool) {
        var depth = 0
        while position < bytes.count {
            if at("//") {
                scanLineComment()
            } else if at("/*") {
                scanBlockComment()
            } else if at("\"") || at("#\"") || at("##\"") {
                scanLiteral()
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
                step(isCode: true)
                if untilClosing, depth == 0 { return }
            }
        }
    }

    mutating func scanLineComment() {
        let (start, first) = (position, line)
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { step(isCode: false) }
        comments.append(.init(text: String(decoding: bytes[start..<position], as: UTF8.self), line: first))
    }

    mutating func scanBlockComment() {
        let (start, first) = (position, line)
        var depth = 0
        repeat {
            if at("/*") { depth += 1 }
            if at("*/") { depth -= 1 }
            step(isCode: false)
        } while position < bytes.count && depth > 0
        comments.append(.init(text: String(decoding: bytes[start..<position], as: UTF8.self), line: first))
    }

    mutating func scanLiteral() {
        var hashes = 0
        while at("#") { hashes += 1; step(isCode: true) }
        let isMultiline = at("\"\"\"")
        let quotes = isMultiline ? 3 : 1
        for _ in 0..<quotes { step(isCode: true) }
        let (start, first) = (position, line)
        while position < bytes.count, !closes(quotes, hashes) {
            guard at("\\"), escapes(hashes) else {
                step(isCode: false)
                continue
            }
            for _ in 0...hashes { step(isCode: false) }
            if at("(") { scanCode(untilClosing: true) } else { step(isCode: false) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        literals.append(.init(text: text, line: first, isMultiline: isMultiline))
        for _ in 0..<min(quotes + hashes, bytes.count - position) { step(isCode: true) }
    }

    func closes(_ quotes: Int, _ hashes: Int) -> Bool {
        guard quotes == 3 ? at("\"\"\"") : at("\"") else { return false }
        return (0..<hashes).allSatisfy { at("#", quotes + $0) }
    }

    func escapes(_ hashes: Int) -> Bool { (0..<hashes).allSatisfy { at("#", 1 + $0) } }
}
