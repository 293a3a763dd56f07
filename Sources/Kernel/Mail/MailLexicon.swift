internal import Lexicons

/// The phrases of mail programs and servers, in the languages that they speak.
enum MailLexicon {
    private static let lexicon = Lexicon("mails", in: ResourceTable.texts)

    static func phrases(_ section: String) -> [String] { lexicon.phrases(section) }

    /// Returns what a line begins with: a word and the space behind it, or what stands before a `*`.
    static func beginnings(_ section: String) -> [String] {
        lexicon.phrases(section).map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 + " " }
    }

    static func words(_ section: String) -> Set<String> { lexicon.words(section) }
}
