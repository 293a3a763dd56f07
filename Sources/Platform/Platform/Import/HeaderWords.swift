internal import Records

/// The words of a column's name.
package enum HeaderWords {
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

    /// What may follow a name without changing what it means: `Revenue (kEUR)`.
    package static let remarks: Set<String> = [
        "the", "of", "in", "your", "eur", "keur", "teur", "meur", "usd", "gbp", "chf", "sek", "nok", "dkk",
        "pln", "czk",
        "cad", "aud", "jpy", "inr", "brl", "k", "m", "mn", "mio", "tsd", "million", "millions", "thousand",
        "thousands",
        "required", "pflichtfeld", "optional", "approx", "ca", "de", "du", "des", "d", "l", "la", "le", "del",
    ]
}
