import Testing

/// How the comments on declarations begin.
struct `Doc comments` {
    /// Beginnings of fragments: nothing in them is the subject.
    private static let beginnings = ["What", "Whatever", "Who", "Whoever", "The same"]

    private static func begins(_ text: Substring, with words: [String]) -> Bool {
        words.contains { word in
            guard text.hasPrefix(word) else { return false }
            let next = text.dropFirst(word.count).first
            return next.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
        }
    }

    /// The first lines of the comments at fault.
    private static func fragments(in source: SwiftSource) -> [(line: Int, text: Substring)] {
        let lines = source.lines.map { line in line.drop { $0 == " " } }
        return lines.indices.compactMap { index in
            let isFirst = index == 0 || !lines[index - 1].hasPrefix("///")
            guard isFirst, lines[index].hasPrefix("///") else { return nil }
            let text = lines[index].dropFirst(3).drop { $0 == " " }
            return begins(text, with: beginnings) ? (index + 1, text) : nil
        }
    }

    @Test func `are sentences or noun phrases`() {
        let faults = Project.sources.flatMap { source in
            Self.fragments(in: source).map { "\(source.path):\($0.line): \($0.text)" }
        }
        expectNone(
            faults,
            "Say what a function returns or does, as in \"Sends the mail.\", and what a type or property is:")
    }

    private static func fragments(of comment: String) -> [Int] {
        let text = "\nprotocol P {\n    /// \(comment)\n    /// What follows.\n    func send()\n}"
        return fragments(in: SwiftSource(path: "Sources/X.swift", text: text)).map { $0.line }
    }

    @Test(arguments: [
        "What is sent.", "Who wrote it.", "Whatever else there is.", "Whoever reads it.", "The same for all.",
    ])
    func `tell fragments by their beginning`(comment: String) {
        #expect(Self.fragments(of: comment) == [3])
    }

    @Test(arguments: ["Whole mails.", "The sameness of two mails.", "Returns what is sent."])
    func `leave sentences alone`(comment: String) {
        #expect(Self.fragments(of: comment).isEmpty)
    }
}
