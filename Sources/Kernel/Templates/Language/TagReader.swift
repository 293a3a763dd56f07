internal import JSON

/// Reads the words of one tag, from the left.
struct TagReader {
    private let lexemes: [Lexeme]
    private var index = 0
    /// Where the tag begins: what is missing at its end is told there.
    let start: Int

    init(_ lexemes: [Lexeme], start: Int) { (self.lexemes, self.start) = (lexemes, start) }

    var next: Lexeme? { index < lexemes.count ? lexemes[index] : nil }
    var offset: Int { next?.start ?? start }
    var isAtEnd: Bool { index == lexemes.count }

    mutating func skip() { index += 1 }

    func isNext(_ sign: String) -> Bool { next?.kind == .sign(sign) }

    mutating func take(_ sign: String) -> Bool {
        guard isNext(sign) else { return false }
        index += 1
        return true
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard next?.kind == .name(word) else { return false }
        index += 1
        return true
    }

    mutating func name() -> (text: String, offset: Int)? {
        guard let next, case .name(let text) = next.kind else { return nil }
        index += 1
        return (text, next.start)
    }

    func fault(_ detail: String) -> SyntaxFault { SyntaxFault(offset: offset, detail: detail) }

    /// Returns the fault that something else stands where `expected` belongs.
    func unexpected(_ expected: String) -> SyntaxFault {
        fault(
            next.map { "\($0.quoted) is not expected here: write \(expected)." }
                ?? "Something is missing here: write \(expected).")
    }
}

/// A value as it is written: its names are not looked up yet.
struct WrittenValue {
    enum Step {
        case member(String, offset: Int)
        case index(Int)
    }

    enum Form {
        case literal(JSON)
        case path(root: String, [Step])
    }

    let form: Form
    let offset: Int
}

extension TagReader {
    private static let stepsMax = 12

    mutating func value() throws(SyntaxFault) -> WrittenValue {
        guard let next else { throw unexpected("a value, such as lead.company") }
        switch next.kind {
        case .text(let text):
            skip()
            return WrittenValue(form: .literal(.string(text)), offset: next.start)
        case .number(let number):
            skip()
            return WrittenValue(form: .literal(number), offset: next.start)
        case .name(let name):
            skip()
            if !isNext("."), !isNext("["), let constant = Self.constants[name] {
                return WrittenValue(form: .literal(constant), offset: next.start)
            }
            return WrittenValue(form: .path(root: name, try steps()), offset: next.start)
        case .sign: throw unexpected("a value, such as lead.company or \"a text\"")
        }
    }

    private static let constants: [String: JSON] = [
        "true": true, "false": false, "nil": nil, "null": nil, "empty": "", "blank": "",
    ]

    private mutating func steps() throws(SyntaxFault) -> [WrittenValue.Step] {
        var steps: [WrittenValue.Step] = []
        while true {
            if take(".") {
                guard let (name, offset) = name() else { throw unexpected("a name after the point") }
                steps.append(.member(name, offset: offset))
            } else if take("[") {
                let offset = offset
                switch next?.kind {
                case .text(let name): steps.append(.member(name, offset: offset))
                case .number(.integer(let index)) where (0..<10_000).contains(index):
                    steps.append(.index(Int(index)))
                default: throw unexpected("a position from 0, or a name in quotation marks")
                }
                skip()
                guard take("]") else { throw unexpected("a ]") }
            } else {
                return steps
            }
            guard steps.count <= Self.stepsMax else { throw fault("The name has too many parts.") }
        }
    }
}
