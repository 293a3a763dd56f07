/// Tells which parts of Markdown are no words: code, links, addresses, tags of HTML, and the signature. What is open at
/// the end of one text goes on in the next.
struct SkippedText {
    private enum Open {
        case words
        /// Code between as many backticks.
        case code(Int)
        /// A block of code, by its fence.
        case fence(Unicode.Scalar, Int)
        /// The target of a link, with the brackets inside of it.
        case target(depth: Int)
        case label, tag
        /// The rest of a line.
        case line
        case signature
    }

    private var open = Open.words
    /// Whether an address goes on.
    private var isAddress = false
    private var isLineStart = true, isEmptyLine = true, isAfterEmptyLine = true, isList = false

    init() {}

    /// Returns which characters of a text are to stay as they are.
    mutating func marks(of text: [Unicode.Scalar], isAfterValue: Bool) -> [Bool] {
        var marks = [Bool](repeating: false, count: text.count)
        var place = 0
        if isAfterValue {
            (isLineStart, isEmptyLine) = (false, false)
            // An address may begin with a value.
            if let first = text.first, Self.joints.contains(first) { isAddress = true }
        }
        while place < text.count {
            if isLineStart {
                beginLine(text, place)
                isLineStart = false
            }
            let next = step(text, place)
            for index in place..<next.end { marks[index] = next.isSkipped }
            if text[place..<next.end].contains("\n") {
                isAfterEmptyLine = isEmptyLine
                isEmptyLine = true
                isLineStart = true
                if isAfterEmptyLine, !isBlock { open = .words }
            } else if text[place..<next.end].contains(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) {
                isEmptyLine = false
            }
            place = next.end
        }
        return marks
    }

    /// Whether an empty line goes on with what is open.
    private var isBlock: Bool {
        switch open {
        case .fence, .signature: true
        default: false
        }
    }

    private mutating func beginLine(_ text: [Unicode.Scalar], _ start: Int) {
        let line = text[start...].prefix { $0 != "\n" }
        let body = line.drop { $0 == " " || $0 == "\t" }, indent = body.startIndex - line.startIndex
        if case .line = open { open = .words }
        if case .fence(let mark, let count) = open {
            let run = body.prefix { $0 == mark }.count
            let isEnd = run >= count && body.dropFirst(run).allSatisfy { $0 == " " || $0 == "\r" }
            if isEnd { open = .line }
            return
        }
        guard case .words = open else { return }
        let trimmed = String(String.UnicodeScalarView(line)), first = body.first
        if trimmed == "-- " || trimmed == "-- \r"
            || isAfterEmptyLine && (trimmed == "--" || trimmed == "--\r")
        {
            open = .signature
        } else if indent < 4, let mark = first, mark == "`" || mark == "~",
            case let run = body.prefix(while: { $0 == mark }).count, run >= 3,
            !body.dropFirst(run).contains("`")
        {
            open = .fence(mark, run)
        } else if indent < 4, first == "[", let end = body.firstIndex(of: "]"), end + 1 < line.endIndex,
            text[end + 1] == ":"
        {
            open = .line
        } else if indent >= 4 || line.first == "\t", isAfterEmptyLine, !isList, !body.isEmpty {
            open = .line
        } else if indent == 0, let first {
            isList = first == "-" || first == "*" || first == "+" || ("0"..."9").contains(first)
        }
    }

    /// Reads on from a place: to where, and whether that stays as it is.
    private mutating func step(_ text: [Unicode.Scalar], _ place: Int) -> (end: Int, isSkipped: Bool) {
        let scalar = text[place]
        switch open {
        case .signature, .line, .fence: return (place + 1, true)
        case .code(let count):
            let run = text[place...].prefix { $0 == "`" }.count
            if run == count { open = .words }
            return (place + max(run, 1), true)
        case .target(let depth):
            if scalar == "(" { open = .target(depth: depth + 1) }
            if scalar == ")" { open = depth == 0 ? .words : .target(depth: depth - 1) }
            return (place + 1, true)
        case .label:
            if scalar == "]" { open = .words }
            return (place + 1, true)
        case .tag:
            if scalar == ">" { open = .words }
            return (place + 1, true)
        case .words: break
        }
        switch scalar {
        case "`":
            let run = text[place...].prefix { $0 == "`" }.count
            open = .code(run)
            return (place + run, true)
        case "]" where place + 1 < text.count && (text[place + 1] == "(" || text[place + 1] == "["):
            open = text[place + 1] == "(" ? .target(depth: 0) : .label
            return (place + 2, true)
        case "<"
        where place + 1 < text.count
            && (text[place + 1].properties.isAlphabetic || "/!".unicodeScalars.contains(text[place + 1])):
            open = .tag
            return (place + 1, true)
        default: return chunk(text, place)
        }
    }

    /// Reads to the next blank or bracket: an address, or words.
    private mutating func chunk(_ text: [Unicode.Scalar], _ place: Int) -> (end: Int, isSkipped: Bool) {
        var end = place
        while end < text.count, !Self.ends.contains(text[end]) { end += 1 }
        guard end > place else {
            isAddress = false
            return (place + 1, false)
        }
        let isSkipped = isAddress && place == 0 || Self.isAddress(text[place..<end])
        isAddress = isSkipped && end == text.count
        return (end, isSkipped)
    }

    private static let joints = Set("/?#&=@:".unicodeScalars)
    private static let ends = Set(" \t\r\n[]()<>\"*|`".unicodeScalars)

    private static func isAddress(_ chunk: ArraySlice<Unicode.Scalar>) -> Bool {
        if chunk.first == "#", chunk.count > 1 { return true }
        if chunk.contains("@") { return true }
        var last: Unicode.Scalar = " "
        for (place, scalar) in zip(chunk.indices, chunk) {
            // "customer.example", but not the end of a sentence.
            if last == ".", scalar.properties.isAlphabetic { return true }
            if scalar == ":", chunk[place...].starts(with: "://".unicodeScalars) { return true }
            last = scalar
        }
        return false
    }
}
