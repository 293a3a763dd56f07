import Foundation
import Testing

/// The words that the glossary replaces: its "not" words, as far as no other sense of them is in use.
struct `Words of the glossary` {
    private struct Word {
        /// Text that each line with the word has: most lines are not looked at further.
        let root: String
        /// Looks for the word in a line whose identifiers were taken apart, in lower case.
        let isIn: @Sendable (String) -> Bool
        let advice: String
    }

    /// Sought in code, comments and texts alike.
    private static let everywhere = [
        Word(root: "door", isIn: { $0.contains(/\bdoors?\b/) }, advice: "webhook endpoint"),
        Word(root: "furnish", isIn: { $0.contains(/\bfurnish/) }, advice: "seed"),
        Word(
            root: "press",
            isIn: {
                $0.contains(/\b(?:class|struct|enum|actor|extension|protocol) press\b/)
                    || $0.contains(/\b(?:it|ticket|what) presses\b|\btickets press\b/)
            }, advice: "PDF renderer, or urgent"),
        Word(
            root: "further", isIn: { $0.contains(/\btak(?:e|es|en|ing) further\b/) }, advice: "escalate"),
        Word(
            root: "talk",
            isIn: {
                $0.contains(/\b(?:a|an|the|each|every|no|its|our|their|portal|ticket) talks?\b/)
                    || $0.contains(/\b(?:func|class|struct|enum|case) talks?\b|\b(?:let|var) talks\b/)
            }, advice: "conversation"),
        Word(root: "mirror", isIn: { $0.contains(/\bmirror/) }, advice: "sync"),
        Word(root: "scrap", isIn: { $0.contains(/\bscrap(?:e|es|ed|er|ing)\b/) }, advice: "crawl"),
        Word(root: "celebrat", isIn: { $0.contains(/\bcelebrat/) }, advice: "occasion"),
    ]
    /// Sought in texts that people read: in code, mails and leads come in by many ways.
    private static let read =
        everywhere + [
            Word(root: "came in", isIn: { $0.contains(/\bcame in\b/) }, advice: "received")
        ]

    /// Names that are stored and never change, and domains of others.
    private static let stored = ["\"deals.furnished\"", "\"support.furnished\""]
    private static let excused = ["docs/glossary.md", "docs/decisions/", "/DisposableDomains.swift"]

    /// Returns the line in lower case, each identifier taken apart: `portalTalk` is "portal talk".
    private static func plain(_ line: String) -> String {
        var words = "", isSmall = false
        for character in stored.reduce(line, { $0.replacingOccurrences(of: $1, with: "") }) {
            if isSmall, character.isUppercase { words.append(" ") }
            isSmall = character.isLowercase || character.isNumber
            words.append("_-.".contains(character) ? " " : character)
        }
        return words.lowercased()
    }

    private static func advice(on line: String, _ sought: [Word]) -> [String] {
        let small = line.lowercased().replacingOccurrences(of: "_", with: " ")
        let possible = sought.filter { small.contains($0.root) }
        guard !possible.isEmpty else { return [] }
        let words = plain(line)
        return possible.filter { $0.isIn(words) }.map(\.advice)
    }

    private static func faults(in paths: [String], _ sought: [Word]) -> [String] {
        paths.filter { path in !excused.contains(where: path.contains) }.flatMap { path -> [String] in
            let text = Project.text(path), small = text.lowercased().replacingOccurrences(of: "_", with: " ")
            let roots = sought.map(\.root).filter { small.has($0) }
            guard !roots.isEmpty else { return [] }
            // Hardly any line has a root: the others are not taken apart.
            let pairs = zip(text.lines, small.lines).enumerated()
            return pairs.filter { _, line in roots.contains { line.1.has($0) } }.flatMap { index, line in
                advice(on: String(line.0), sought).map { "\(path):\(index + 1): \($0): \(line.0.prefix(80))" }
            }
        }
    }

    @Test func `are in code and documents, not those that they replace`() {
        let code =
            Project.files(in: "Sources", named: ".swift")
            + Project.files(in: "Benchmarks", named: ".swift", ".py", ".env")
        let texts =
            Project.files(in: "docs", named: ".md") + Project.files(in: "Benchmarks", named: ".md")
            + ["Sources/Kernel/Wording/Resources/en.json", "README.md", "CONTRIBUTING.md"]
        #expect(code.count > 1500 && texts.count > 50, "all of them are found")
        expectNone(
            Self.faults(in: code, Self.everywhere) + Self.faults(in: texts, Self.read),
            "The glossary has another word:")
    }

    @Test func `are in the console, not those that they replace`() {
        let faults = `The words of the console`.used.sorted { $0.key < $1.key }.flatMap { text, page in
            Self.advice(on: text, Self.read).map { "\(page): \($0): \(text)" }
        }
        expectNone(faults, "The glossary has another word:")
    }

    @Test(arguments: [
        "class HookDoor:", "self.door = made", "def furnish(self):", "struct Press {", "What presses most",
        "how much a ticket presses", "Taken further", "a talk is open", "let portalTalkMigration",
        "private func talk(", "a mirror of it", "def scrape_page(page):", "It is celebrated.", "Came in",
    ])
    func `are known by what they replace`(line: String) {
        #expect(Self.advice(on: line, Self.read).count == 1)
    }

    @Test(arguments: [
        #"let supportSeeded = "support.furnished""#, "A press release is a page.", "case press, about",
        "StaffPress.approve", "She presses a button.", "take it further", "Live talks", "SmallTalk(text)",
        "the agents that talk with people", "scraps", "Indoors, in doorways", "suppress(address)",
    ])
    func `are no other senses`(line: String) {
        #expect(Self.advice(on: line, Self.read).isEmpty)
    }
}
