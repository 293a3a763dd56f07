internal import Lexicons

extension Country {
    /// The country's English name, for services that know countries by nothing else.
    package var englishName: String {
        guard let names = PlaceNames(in: Lexicon.standard) else { return code }
        return names.country(code).first ?? code
    }
}
