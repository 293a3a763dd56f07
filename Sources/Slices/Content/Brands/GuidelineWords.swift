internal import Lexicons

/// The words of a language by which the rules in guidelines are known.
struct GuidelineWords: Sendable {
    let say: Set<String>, and: Set<String>, word: Set<String>, grade: Set<String>, add: Set<String>,
        on: Set<String>
    let every: Set<String>, posts: Set<String>
    let instead: TermIndex, never: TermIndex, must: TermIndex, carry: TermIndex, heading: TermIndex

    private static let lexicon = Lexicon("guidelines", in: ResourceTable.texts)
    private static let all = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, GuidelineWords($0)) })

    static func of(_ language: String?) -> GuidelineWords {
        language.flatMap { all[$0] } ?? all[Lexicon.standard]!
    }

    private init(_ language: String) {
        func terms(_ section: String) -> Set<String> {
            Set(Self.lexicon.words(section, in: language).map { $0.filter { $0 != "," } })
        }
        func phrases(_ section: String) -> TermIndex {
            TermIndex(
                Self.lexicon.lines(section, in: language).flatMap {
                    $0.split(separator: ",").map(String.init)
                })
        }
        (say, and, word, grade) = (terms("say"), terms("and"), terms("word"), terms("grade"))
        (add, on, every, posts) = (terms("add"), terms("on"), terms("every"), terms("posts"))
        (instead, never, must) = (phrases("instead"), phrases("never"), phrases("must"))
        (carry, heading) = (phrases("carry"), phrases("heading"))
    }
}
