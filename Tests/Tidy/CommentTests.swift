import Testing

/// How the comments on declarations begin.
struct `Doc comments` {
    /// Beginnings of fragments: nothing in them is the subject.
    private static let beginnings = ["What", "Whatever", "Who", "Whoever", "The same"]
    /// Beginnings that are fragments, too, and that no declaration for other modules has.
    private static let beginningsOfOffered =
        ["As", "By", "How", "In", "Those", "When", "Where", "Which", "Whose", "Why", "Without"]

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
            let isFragment =
                begins(text, with: beginnings)
                || begins(text, with: beginningsOfOffered) && isOffered(below: index, lines)
            return isFragment ? (index + 1, text) : nil
        }
    }

    /// Returns whether the declaration below a comment is for other modules.
    private static func isOffered(below index: Int, _ lines: [Substring]) -> Bool {
        let declaration = lines[index...].first { !$0.hasPrefix("///") && !$0.hasPrefix("@ModuleNeed") }
        return declaration?.split(separator: " ").contains { $0 == "package" || $0 == "public" } ?? false
    }

    @Test func `are sentences or noun phrases`() {
        let faults = Project.sources.flatMap { source in
            Self.fragments(in: source).map { "\(source.path):\($0.line): \($0.text)" }
        }
        expectNone(
            faults,
            "Say what a function returns or does, as in \"Sends the mail.\", and what a type or property is:")
    }

    private static func fragments(of comment: String, access: String = "") -> [Int] {
        let text = "\nprotocol P {\n    /// \(comment)\n    /// What follows.\n    \(access)func send()\n}"
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

    @Test(arguments: ["How mails are sent.", "Those that were sent.", "Why it failed.", "In seconds."])
    func `are stricter for what other modules use`(comment: String) {
        #expect(Self.fragments(of: comment, access: "package ") == [3])
        #expect(Self.fragments(of: comment).isEmpty)
    }
}
