/// What stands on the pages of forms and surveys, in English and German; other languages get English words.
struct PageWords {
    let isGerman: Bool

    init(_ tag: String) { isGerman = tag.lowercased().prefix { $0 != "-" && $0 != "_" } == "de" }

    func callAsFunction(_ english: String, _ german: String) -> String { isGerman ? german : english }
}
