import Testing

/// The shape of files.
struct `Files` {
    static let linesMax = 400, columnsMax = 120

    @Test func `are short enough to have one subject`() {
        let all = Project.sources + Project.tests
        var faults = all.filter { $0.lines.count > Self.linesMax + 1 }
            .map { "\($0.path): \($0.lines.count - 1) lines" }
        let scripts =
            Project.files(in: "static", named: ".js", ".css", ".html")
            + ["Tests", "Benchmarks", "scripts"].flatMap { Project.files(in: $0, named: ".py", ".js") }
            + ["Benchmarks/run"]
        for path in scripts {
            let count = Project.lines(path).count
            if count > Self.linesMax + 1 { faults.append("\(path): \(count - 1) lines") }
        }
        expectNone(faults, "Over \(Self.linesMax) lines, which are two subjects:")
    }

    @Test func `are no wider than a screen`() {
        var faults: [String] = []
        for source in Project.sources + Project.tests {
            // Texts of several lines are as wide as what they say, and one long word list cannot be broken.
            let inLiteral = source.linesOfText(widerThan: 80)
            for (index, line) in source.lines.enumerated()
            where line.utf8.count > Self.columnsMax && line.count > Self.columnsMax
                && !inLiteral.contains(index + 1)
            {
                faults.append("\(source.path):\(index + 1): \(line.count) columns")
            }
        }
        expectNone(faults, "Over \(Self.columnsMax) columns (`make format` breaks them):")
    }

    @Test func `hold no trailing spaces and no tabs`() {
        var faults: [String] = []
        for source in Project.sources + Project.tests {
            let inLiteral = source.linesOfText()
            for (index, line) in source.lines.enumerated() where !inLiteral.contains(index + 1) {
                if line.last == " " { faults.append("\(source.path):\(index + 1): trailing space") }
                if line.first == "\t" { faults.append("\(source.path):\(index + 1): tab") }
            }
        }
        for path in Project.texts where !path.hasSuffix(".csv") && !path.hasSuffix(".swift") {
            for (index, line) in Project.lines(path).enumerated() where line.last == " " || line.last == "\r"
            {
                faults.append("\(path):\(index + 1): trailing space")
            }
        }
        expectNone(faults, "White space that says nothing:")
    }

    @Test func `leave nothing for later`() {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        var faults: [String] = []
        for path in Project.texts where !path.hasSuffix(".csv") {
            for (number, line) in Project.text(path).lines(with: marks) {
                let words = line.split { !($0.isLetter || $0.isNumber) }
                if words.contains(where: { marks.contains(String($0)) }) {
                    faults.append("\(path):\(number)")
                }
            }
        }
        expectNone(faults, "Do it, or open an issue:")
    }

    @Test func `name no machine's folders`() {
        let folders = ["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"].map { "/\($0)/" }
        var faults: [String] = []
        for path in Project.texts {
            for (number, line) in Project.text(path).lines(with: folders) {
                for folder in folders where Self.isAbsolute(folder, in: line) {
                    faults.append("\(path):\(number): \(folder)")
                }
            }
        }
        expectNone(faults, "A path of one machine:")
    }

    /// A path from the root, not the middle of another or of an address.
    private static func isAbsolute(_ folder: String, in line: Substring) -> Bool {
        line.ranges(of: folder).contains { range in
            guard let before = line[..<range.lowerBound].last else { return true }
            return !(before.isLetter || before.isNumber || "._-/})*".contains(before))
        }
    }

    @Test func `of the foundations say what each type is`() {
        var faults: [String] = []
        for source in Project.sources where source.path.hasPrefix("Sources/Foundations/") {
            for (index, line) in source.code.enumerated() where Self.offers(line) {
                if !Self.isDocumented(index, in: source) {
                    faults.append("\(source.path):\(index + 1): \(line.drop { $0 == " " }.prefix(80))")
                }
            }
        }
        expectNone(faults, "Types for other modules without a comment above them or above their paragraph:")
    }

    /// A type. What its members do is mostly said by their names, and a rule would only bring comments that say
    /// it again.
    private static func offers(_ line: String) -> Bool {
        let words = line.split { " (:<{".contains($0) }
        guard let access = words.firstIndex(where: { $0 == "package" || $0 == "public" }) else {
            return false
        }
        return words[access...].contains { ["struct", "class", "enum", "protocol", "actor"].contains($0) }
            && !words.contains("func") && !words.contains("var")
    }

    /// A comment above it or above the run of declarations that it belongs to.
    private static func isDocumented(_ index: Int, in source: SwiftSource) -> Bool {
        for above in stride(from: index - 1, through: 0, by: -1) {
            let line = source.lines[above].drop { $0 == " " }
            if line.hasPrefix("//") { return true }
            if line.isEmpty { return false }
        }
        return false
    }

    @Test func `argue every @unchecked Sendable`() {
        var faults: [String] = []
        for source in Project.sources {
            for (index, line) in source.code.enumerated() where line.contains("@unchecked Sendable") {
                let isArgued = source.comments.contains { (index - 2...index + 6).contains($0.line) }
                if !isArgued { faults.append("\(source.path):\(index + 1)") }
            }
        }
        expectNone(faults, "Why it is safe belongs in a comment beside it:")
    }
}
