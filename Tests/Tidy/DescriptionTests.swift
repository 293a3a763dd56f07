import Testing

/// The beginnings of descriptions of fields, parameters and answers; forms show them as help.
struct Descriptions {
    private static let questions: Set<Substring> = ["What", "Who", "Whom", "Whose"]
    /// Beginnings of texts that are no descriptions.
    private static let others = [
        "What if we wrote less?", "What it costs", "What posts have in common that do well need not be why",
        "Who did what must stay provable",
    ]

    /// A line may begin with the name of the field that it describes.
    private static func isFragment(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let first = words.first(where: { !$0.hasSuffix(":") }) else { return false }
        return questions.contains(first) && !others.contains { line.hasPrefix($0) }
    }

    private static func fragments(in text: String) -> [Substring] {
        // Splitting every text takes long, and hardly any has such a word.
        guard questions.contains(where: { text.has(String($0)) }) else { return [] }
        return text.split(separator: "\n").map { line in line.drop { $0 == " " } }.filter(isFragment)
    }

    @Test func `name their subject`() {
        let faults = Project.sources.flatMap { source in
            source.literals.flatMap { literal in
                Self.fragments(in: literal.text).map { "\(source.path):\(literal.line): \($0.prefix(80))" }
            }
        }
        expectNone(
            faults, "Begin with a noun, as in \"The budget of a day.\", and change the keys of `helps`, too:")
    }

    @Test(arguments: [
        "What the client pays.", "Who acted.", "Whose people get it.", "\n        action: What was done.",
    ])
    func `are fragments where they begin with a question word`(text: String) {
        #expect(Self.fragments(in: text).count == 1)
    }

    @Test(arguments: [
        "The amount that the client pays.", "Whether it was accepted.", "        actor: The actor.", "What?",
    ])
    func `are left alone otherwise`(text: String) {
        #expect(Self.fragments(in: text).isEmpty)
    }
}
