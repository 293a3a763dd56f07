import Testing

/// A language is added by its files, and by no line of Swift: no code asks for one of them by its code.
struct `Code about languages` {
    /// Files that name languages, and why files of words cannot say it.
    private static let excused = [
        "Sources/Foundations/Documents/Fonts.swift": "which font draws what scripts share",
        "Sources/Foundations/Lexicons/WritingDirection.swift": "scripts, as Unicode has them",
        "Sources/Foundations/Markup/MarkupText.swift": "elements of HTML",
        "Sources/Foundations/Markup/XMLParsing.swift": "entities of XML",
        "Sources/Kernel/Extraction/Text/WordHash.swift": "letters",
        "Sources/Kernel/Intelligence/Language/LanguageGuess.swift": "scripts, and the codes of a library",
        "Sources/Kernel/Intelligence/Outgoing/OutgoingMarks.swift": "elements of HTML",
        "Sources/Kernel/Templates/Locale/TextLocale.swift": "capitals, as Unicode has them",
        "Sources/Kernel/Wording/Catalogue.swift": "English, to which every language falls back",
        "Sources/Providers/Open/RechercheEntreprises.swift": "a register's name for turnover",
    ]

    /// The languages of which there is any file. `id` is the name of a field, too.
    private static let codes: Set<String> = {
        let lexicons = Project.files(in: "Sources", named: ".txt").filter { $0.contains("/Resources/") }
            .map { String($0.split(separator: "/").dropLast().last!) }
        let catalogues = Project.files(in: "Sources/Kernel/Wording/Resources", named: ".json")
            .map { String($0.split(separator: "/").last!.dropLast(".json".count)) }
        return Set(lexicons + catalogues).subtracting(["id"])
    }()

    /// The ways to ask for a language: a case, a comparison, a key, a list, and the beginning of a tag.
    private static let shapes = [
        #"\bcase +\(?("[^"]*", *)*"(CODE)""#, #"[=!]= "(CODE)""#, #""(CODE)" [=!]="#, #""(CODE)"\s*:"#,
        #""(CODE)", *"[a-z]{2,3}""#, #"\["(CODE)"\]"#, #"(hasPrefix|contains)\("(CODE)"\)"#,
    ]

    /// The lines that ask for a language.
    private static func branches(in source: SwiftSource, _ codes: Set<String>) throws -> [Int] {
        let named = Set(source.literals.filter { codes.contains($0.text) }.map(\.line)).sorted()
        guard !named.isEmpty else { return [] }
        let any = codes.sorted().joined(separator: "|")
        let patterns = try shapes.map { try Regex($0.replacing("CODE", with: any)) }
        return named.filter { line in
            patterns.contains { source.lines[line - 1].firstMatch(of: $0) != nil }
        }
    }

    @Test func `asks for none of them`() throws {
        #expect(Self.codes.isSuperset(of: ["en", "de", "fr", "es", "it", "pt", "nl"]))
        var faults: [String] = [], seen: Set<String> = []
        for source in Project.sources {
            for line in try Self.branches(in: source, Self.codes) {
                seen.insert(source.path)
                if Self.excused[source.path] == nil {
                    faults.append("\(source.path):\(line): \(source.lines[line - 1].drop { $0 == " " })")
                }
            }
        }
        expectNone(faults, "What is known of a language belongs into its files (docs: CONTRIBUTING.md):")
        expectNone(Set(Self.excused.keys).subtracting(seen).sorted(), "Excused, and without a language:")
    }

    private static func branches(in line: String) throws -> [Int] {
        try branches(in: SwiftSource(path: "Sources/X.swift", text: "let a = 1\n\(line)"), ["de", "fr"])
    }

    @Test(arguments: [
        #"case "de": "Hallo""#, #"case "fr", "de": true"#, #"let hello = ["de": "Hallo"]"#,
        #"if language == "de" {"#, #"return "fr" != language"#, #"private let foreign = ["fr", "de"]"#,
        #"let words = table["de"]"#, #"tag.hasPrefix("de")"#, #"["de", "fr"].contains(tag)"#,
    ])
    func `is found where it asks for one`(line: String) throws {
        #expect(try Self.branches(in: line) == [2])
    }

    @Test(arguments: [
        #"// case "de" is an example"#, #".text("locale", \.locale, .example("de")),"#, #"case "design": 1"#,
        #"let code = "de""#, #"locale ?? "de""#, "case .german",
    ])
    func `may name one as an example or a default`(line: String) throws {
        #expect(try Self.branches(in: line).isEmpty)
    }
}
