import Testing

/// The beginnings of comments.
struct `Comments` {
    /// Beginnings of fragments: nothing in them is the subject.
    private static let beginnings = ["What", "Whatever", "Who", "Whoever", "Whose", "How", "The same"]
    /// Beginnings that are fragments, too, and that no declaration for other modules has.
    private static let beginningsOfOffered = [
        "As", "By", "From", "In", "Of", "Per", "Such", "That", "Those", "When", "Where", "Which", "Why",
        "Without",
    ]

    private static func begins(_ text: Substring, with words: [String]) -> Bool {
        words.contains { word in
            guard text.hasPrefix(word) else { return false }
            let next = text.dropFirst(word.count).first
            return next.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
        }
    }

    /// The first lines of the comments at fault.
    private static func fragments(in source: SwiftSource) -> [(line: Int, text: Substring)] {
        fragments(in: source.lines.map { $0[...] })
    }

    private static func fragments(in all: [Substring]) -> [(line: Int, text: Substring)] {
        let lines = all.map { line in line.drop { $0 == " " } }
        return lines.indices.compactMap { index in
            // Of Python's texts, those that a line begins with are its doc comments.
            let isBlock = lines[index].hasPrefix("/*") || lines[index].hasPrefix(docMark)
            guard isBlock || isRemark(lines[index]) && (index == 0 || !isRemark(lines[index - 1])) else {
                return nil
            }
            let isAlone = lines[index] == "/**" && index + 1 < lines.count
            let text = lines[isAlone ? index + 1 : index].drop { "/#*\" ".contains($0) }
            let isFragment =
                begins(text, with: beginnings)
                || begins(text, with: beginningsOfOffered) && isOffered(below: index, lines)
            return isFragment ? (index + 1, text) : nil
        }
    }

    private static let docMark = String(repeating: "\"", count: 3)

    /// Returns whether a line is a comment of Swift and JavaScript, or one of Python.
    private static func isRemark(_ line: Substring) -> Bool { line.hasPrefix("//") || line.hasPrefix("# ") }

    /// Returns whether the declaration below a doc comment is for other modules.
    private static func isOffered(below index: Int, _ lines: [Substring]) -> Bool {
        guard lines[index].hasPrefix("///") else { return false }
        let declaration = lines[index...].first { !$0.hasPrefix("///") && !$0.hasPrefix("@ModuleNeed") }
        return declaration?.split(separator: " ").contains { $0 == "package" || $0 == "public" } ?? false
    }

    @Test func `are sentences or noun phrases`() {
        var faults = (Project.sources + Project.tests).flatMap { source in
            Self.fragments(in: source).map { "\(source.path):\($0.line): \($0.text)" }
        }
        let scripts = ["static", "Tests", "Benchmarks", "scripts"].flatMap { folder in
            Project.files(in: folder, named: ".js", ".css", ".py")
        }
        for path in scripts {
            faults += Self.fragments(in: Project.lines(path)).map { "\(path):\($0.line): \($0.text)" }
        }
        expectNone(
            faults,
            """
            Name the subject: say what a function returns or does, as in "Sends the mail.", what a type or \
            property is, and what a remark is about, as in "A deleted row is overwritten.":
            """)
    }

    private static func fragments(of comment: String, access: String = "", mark: String = "///") -> [Int] {
        let text = """

            protocol P {
                \(mark) \(comment)
                \(mark) What follows.
                \(access)func send()
            }
            """
        return fragments(in: SwiftSource(path: "Sources/X.swift", text: text)).map { $0.line }
    }

    @Test(arguments: [
        "What is sent.", "Who wrote it.", "Whatever else there is.", "Whoever reads it.", "The same for all.",
        "How mails are sent.", "Whose mail it is.",
    ])
    func `tell fragments by their beginning`(comment: String) {
        #expect(Self.fragments(of: comment) == [3])
        #expect(Self.fragments(of: comment, mark: "//") == [3])
        let others = [
            "# \(comment)", "/* \(comment) */", "  /** \(comment) */", "/**\n * \(comment)\n */",
            Self.docMark + comment + Self.docMark,
        ]
        for block in others {
            #expect(Self.fragments(in: block.split(separator: "\n")).count == 1)
        }
    }

    @Test(arguments: [
        "Whole mails.", "The sameness of two mails.", "Returns what is sent.",
        "However short it is, it counts.",
    ])
    func `leave sentences alone`(comment: String) {
        #expect(Self.fragments(of: comment).isEmpty)
        #expect(Self.fragments(of: comment, mark: "//").isEmpty)
    }

    @Test(arguments: ["Those that were sent.", "Why it failed.", "In seconds.", "Per month."])
    func `are stricter for what other modules use`(comment: String) {
        #expect(Self.fragments(of: comment, access: "package ") == [3])
        #expect(Self.fragments(of: comment).isEmpty)
        #expect(Self.fragments(of: comment, access: "package ", mark: "//").isEmpty)
    }
}
