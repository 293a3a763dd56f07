import Testing

/// The knowledge of a language stands in files, `Resources/<language>/<subject>.txt` of the module that reads
/// them.
struct `What is known of languages` {
    private static let seven: Set = ["en", "de", "fr", "es", "it", "pt", "nl"]

    /// The languages that have a file about each subject.
    private static func languages() -> [String: Set<String>] {
        var languages: [String: Set<String>] = [:]
        for path in Project.files(in: "Sources", named: ".txt") where path.contains("/Resources/") {
            let parts = path.split(separator: "/")
            let subject = (parts.dropLast(2) + parts.suffix(1)).joined(separator: "/")
            languages[subject, default: []].insert(String(parts[parts.count - 2]))
        }
        return languages
    }

    @Test func `is whole in seven languages`() {
        let languages = Self.languages()
        let faults = languages.compactMap { subject, known -> String? in
            let missing = Self.seven.subtracting(known)
            return missing.isEmpty ? nil : "\(subject): \(missing.sorted().joined(separator: ", "))"
        }
        #expect(languages.count > 40)
        expectNone(faults.sorted(), "A subject without a file in one of the seven languages:")
    }

    @Test func `ends text messages in each language in which it ends mails`() throws {
        let languages = Self.languages()
        let mails = try #require(languages["Sources/Kernel/Intelligence/Resources/unsubscribe.txt"])
        let texts = try #require(languages["Sources/Reach/Messages/Resources/opt-out.txt"])
        #expect(mails.count > 10)
        expectNone(mails.subtracting(texts).subtracting(["mul"]).sorted(), "No word ends text messages in:")
    }

    /// Files of Swift whose texts may have letters beyond ASCII, and what these are.
    private static let excused = [
        "Sources/Foundations/Cryptography/PasswordPolicy.swift": "rows of keyboards",
        "Sources/Kernel/Intelligence/Text/PhraseSet.swift": "letters",
        "Sources/Reach/Messages/Chat/TextSegments.swift": "the alphabet of telephones",
        "Sources/Kernel/Records/Values/HTMLText.swift": "letters",
        "Sources/Kernel/Records/Values/TextFolding.swift": "letters",
        "Sources/Kernel/Templates/Locale/TextLocale.swift": "letters",
        "Sources/Slices/Quality/Judgement/TextDamage.swift": "letters, by their bytes",
    ]

    /// English words cannot be told from names in code; where words of another language are listed, some have such
    /// letters.
    @Test func `is not in texts of Swift`() {
        var faults: [String] = [], seen: Set<String> = []
        for source in Project.sources {
            for literal in source.literals
            where literal.text.unicodeScalars.contains(where: { !$0.isASCII && $0.properties.isAlphabetic }) {
                seen.insert(source.path)
                if Self.excused[source.path] == nil {
                    faults.append("\(source.path):\(literal.line): \(literal.text.prefix(60))")
                }
            }
        }
        expectNone(faults, "Words of a language belong into a file of the module's Resources:")
        expectNone(
            Set(Self.excused.keys).subtracting(seen).sorted(), "Excused, and without a letter beyond ASCII:")
    }
}
