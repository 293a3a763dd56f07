/// A JavaScript module taken apart into words, marks and texts: enough to see what it calls, no parser.
struct ScriptSource: Sendable {
    enum Token: Sendable, Equatable {
        case word(String)
        case mark(Character)
        /// A text; what is interpolated is one `*`. `head` is the word that it begins with, where that is interpolated.
        case text(String, head: String?)
        case number, pattern
    }

    let path: String
    /// The tokens with their lines, from 1. What is interpolated stands behind its text, in brackets of its own.
    private(set) var tokens: [(token: Token, line: Int)] = []
    /// For each opening bracket the place of the closing one.
    private(set) var ends: [Int: Int] = [:]

    init(path: String, text: String) {
        self.path = path
        var scanner = ScriptScanner(Array(text))
        scanner.scan(until: nil)
        tokens = scanner.tokens
        var open: [Int] = []
        for (index, item) in tokens.enumerated() {
            switch item.token {
            case .mark("("), .mark("["), .mark("{"): open.append(index)
            case .mark(")"), .mark("]"), .mark("}"): if let start = open.popLast() { ends[start] = index }
            default: break
            }
        }
    }

    subscript(index: Int) -> Token? { tokens.indices.contains(index) ? tokens[index].token : nil }

    func word(_ index: Int) -> String? {
        if case .word(let word)? = self[index] { word } else { nil }
    }
}

private struct ScriptScanner {
    private let text: [Character]
    private var place = 0, line = 1
    var tokens: [(token: ScriptSource.Token, line: Int)] = []

    init(_ text: [Character]) { self.text = text }

    private var next: Character? { text.indices.contains(place + 1) ? text[place + 1] : nil }

    /// Scans to the end, or to the bracket that closes an interpolation.
    mutating func scan(until end: Character?) {
        var depth = 0
        while place < text.count {
            let character = text[place]
            if character == end, depth == 0 { return }
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            scanOne(character)
        }
    }

    private mutating func scanOne(_ character: Character) {
        switch character {
        case "\n":
            line += 1
            place += 1
        case _ where character.isWhitespace: place += 1
        case "/" where next == "/": while place < text.count, text[place] != "\n" { place += 1 }
        case "/" where next == "*": skipComment()
        case "/" where !isOperandBefore: skipPattern()
        case "\"", "'": scanText(character)
        case "`": scanTemplate()
        case _ where character.isLetter || character == "_" || character == "$": scanWord()
        case _ where character.isNumber:
            while place < text.count, text[place].isLetter || text[place].isNumber || text[place] == "_" {
                place += 1
            }
            add(.number)
        default:
            add(.mark(character))
            place += 1
        }
    }

    private mutating func add(_ token: ScriptSource.Token) { tokens.append((token, line)) }

    /// Whether a slash here divides.
    private var isOperandBefore: Bool {
        switch tokens.last?.token {
        case .word(let word): !["return", "typeof", "case", "in", "of"].contains(word)
        case .text, .number, .pattern, .mark(")"), .mark("]"), .mark("}"): true
        default: false
        }
    }

    private mutating func skipComment() {
        place += 2
        while place < text.count, !(text[place] == "*" && next == "/") {
            if text[place] == "\n" { line += 1 }
            place += 1
        }
        place += 2
    }

    private mutating func skipPattern() {
        var isInSet = false
        place += 1
        while place < text.count, isInSet || text[place] != "/" {
            if text[place] == "[" { isInSet = true }
            if text[place] == "]" { isInSet = false }
            place += text[place] == "\\" ? 2 : 1
        }
        place += 1
        add(.pattern)
    }

    private mutating func scanWord() {
        let start = place
        while place < text.count, text[place].isLetter || text[place].isNumber || "_$".contains(text[place]) {
            place += 1
        }
        add(.word(String(text[start..<place])))
    }

    private mutating func scanText(_ quote: Character) {
        var content = ""
        place += 1
        while place < text.count, text[place] != quote, text[place] != "\n" {
            if text[place] == "\\" { place += 1 }
            if place < text.count { content.append(text[place]) }
            place += 1
        }
        place += 1
        add(.text(content, head: nil))
    }

    private mutating func scanTemplate() {
        let own = tokens.count
        add(.text("", head: nil))
        var content = "", head: String?
        place += 1
        while place < text.count, text[place] != "`" {
            switch text[place] {
            case "$" where next == "{":
                let first = tokens.count + 1
                place += 2
                add(.mark("["))
                scan(until: "}")
                if content.isEmpty, first < tokens.count, case .word(let word) = tokens[first].token {
                    head = word
                }
                add(.mark("]"))
                content.append("*")
            case "\\":
                place += 1
                if place < text.count { content.append(text[place]) }
            case "\n":
                line += 1
                content.append("\n")
            default: content.append(text[place])
            }
            place += 1
        }
        place += 1
        tokens[own].token = .text(content, head: head)
    }
}
