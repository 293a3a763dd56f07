internal import Lexicons
internal import Records

/// The words by which needs, industries and the contents of packages are known, in every language and folded.
enum PackageWords {
    private static let lexicon = Lexicon("packages", in: ResourceTable.texts)

    private static func folded(_ words: some Sequence<String>) -> [String] {
        words.map { TextFolding.fold($0) }
    }

    /// Endings that change nothing in a word's meaning, the longest first.
    private static let endings = Set(folded(lexicon.words("endings")))
        .sorted { $0.count == $1.count ? $0 < $1 : $0.count > $1.count }

    /// The words of a text without their endings.
    static func of(_ text: String) -> [String] {
        TextFolding.fold(text).split { !($0.isLetter || $0.isNumber) }.map { word in
            let ending = endings.first { word.count > $0.count + 3 && word.hasSuffix($0) }
            return String(word.dropLast(ending?.count ?? 0))
        }
    }

    /// The words that stand in contents of every kind.
    static let common = Set(lexicon.words("common").flatMap { of($0) })

    private static let regulated = folded(lexicon.words("regulated"))

    /// Returns whether an industry is under rules that cost a supplier work.
    static func isRegulated(_ industry: String) -> Bool {
        let industry = TextFolding.fold(industry)
        return regulated.contains { industry.contains($0) }
    }

    private static let fastAnswers = folded(lexicon.phrases("fast_answers"))

    /// Returns whether a package's content promises an answer within the hour.
    static func promisesFastAnswers(_ content: String) -> Bool {
        let content = TextFolding.fold(content)
        return fastAnswers.contains { content.contains($0) }
    }
}
