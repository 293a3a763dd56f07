/// The words on public pages, in English, German, French and Spanish; in other languages they are English.
struct PageWords {
    private let language: String

    init(_ tag: String) { language = String(tag.lowercased().prefix { $0 != "-" && $0 != "_" }) }

    var isGerman: Bool { language == "de" }

    func callAsFunction(
        _ english: String, _ german: String, _ french: String? = nil, _ spanish: String? = nil
    ) -> String {
        switch language {
        case "de": german
        case "fr": french ?? english
        case "es": spanish ?? english
        default: english
        }
    }
}
