internal import Lexicons
internal import Records

/// The words of a column's name.
package enum HeaderName {
    /// Folded words; `companyName` and `company_name` are two.
    package static func of(_ header: String, splittingCase: Bool = true) -> [String] {
        var spaced = ""
        var wasLower = false
        for character in header.prefix(200) {
            if splittingCase, character.isUppercase, wasLower { spaced += " " }
            wasLower = character.isLowercase
            if character == "#" { spaced += " number " } else { spaced.append(character) }
        }
        return TextFolding.searchTokens(spaced.replacing("'", with: " ").replacing("’", with: " "))
    }

    /// Returns the words without those that change nothing in a name's meaning: `Revenue (kEUR)`, `Employees 2024`.
    package static func bare(_ words: [String]) -> [String] {
        words.filter { !remarks.contains($0) && Int($0) == nil }
    }

    private static let remarks = Set(lexicon.words("remarks").map { TextFolding.fold($0) })
        .union(thousands).union(millions).union(currencies).union(AmountText.units.keys)

    /// The codes of currencies that stand beside the names of columns.
    static let currencies: Set = [
        "eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "cad", "aud", "jpy", "inr", "brl",
    ]

    /// The words that say that amounts are in thousands or in millions.
    static let thousands = Set(lexicon.words("thousands").map { TextFolding.fold($0) })
    static let millions = Set(lexicon.words("millions").map { TextFolding.fold($0) })

    private static let lexicon = Lexicon("headers", in: ResourceTable.texts)
}
