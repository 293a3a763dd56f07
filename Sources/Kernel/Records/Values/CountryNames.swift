internal import Lexicons

/// The names of countries: for each language with a file `Resources/<language>/countries.txt` those that ICU has in it,
/// and those that people use besides; for each country also the name in its own language. The table is made when the
/// first name is asked for.
struct CountryNames {
    static let shared = CountryNames()

    /// The codes by the keys of the names.
    private(set) var codes: [String: String] = [:]
    /// The keys of names that mostly mean something else where nothing says that a country is meant: "Granada".
    let homonyms: Set<String>

    init() {
        homonyms = Set(Self.lexicon.phrases("homonyms").map { Self.key($0) })
        for (three, code) in CountryCodes.byThree { codes[Self.key(three)] = code }
        // A name in a file means its country, whatever ICU makes of the word in another language.
        for (code, names) in Self.lexicon.namedPhrases("names") { add(names, code) }
        for language in Self.lexicon.languages { add(CountryCodes.all, in: language) }
        let own = Dictionary(grouping: CountryCodes.all) { PlaceNames.language(of: $0) ?? "" }
        for (language, countries) in own.sorted(by: { $0.key < $1.key }) { add(countries, in: language) }
    }

    private mutating func add(_ countries: [String], in language: String) {
        guard let names = PlaceNames(in: language) else { return }
        for code in countries { add(long: names.country(code), code) }
    }

    private mutating func add(_ names: [String], _ code: String) {
        for key in names.map({ Self.key($0) }) where codes[key] == nil { codes[key] = code }
    }

    /// A short name in one language is a code or an abbreviation in another: Czech for Chad is "Čad".
    private mutating func add(long names: [String], _ code: String) {
        for key in names.map({ Self.key($0) }) where key.utf8.count > 3 && codes[key] == nil {
            codes[key] = code
        }
    }

    /// Folded words without points, articles and filler: "The U.S.A." is "usa".
    static func key(_ text: String) -> String {
        let words = TextFolding.tokens(text, joiningPoints: true)
        return words.count == 1 ? words[0] : words.filter { !fillers.contains($0) }.joined(separator: " ")
    }

    private static let lexicon = Lexicon("countries", in: ResourceTable.texts)
    private static let fillers = lexicon.words("fillers")
}
