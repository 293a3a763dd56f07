internal import Lexicons

extension Country {
    /// The country's English name, for services that know countries by nothing else.
    package var englishName: String { name(in: Lexicon.standard) }

    /// Returns what the country is called in a language (ISO 639); its code where that language has no name for it.
    package func name(in language: String) -> String {
        guard let names = PlaceNames(in: language) else { return code }
        return names.country(code).first ?? code
    }
}
