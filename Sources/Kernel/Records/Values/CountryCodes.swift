/// The codes of countries (ISO 3166), and what else is no word: `Resources/data/countries.csv`.
enum CountryCodes {
    /// The codes of two letters, in alphabetical order.
    static let all: [String] = rows.map { $0[0] }

    /// The codes of two letters by themselves, in capitals. `UK` and `EL`, which the Union uses, stand for two of them.
    static let known: [String: String] = Dictionary(
        uniqueKeysWithValues: all.map { ($0, $0) } + [("UK", "GB"), ("EL", "GR")])

    /// The codes of two letters by those of three, in capitals.
    static let byThree: [String: String] = Dictionary(uniqueKeysWithValues: rows.map { ($0[1], $0[0]) })

    /// The time zone in which most people of a country with several live.
    static let zones: [String: String] = Dictionary(
        uniqueKeysWithValues: rows.filter { $0.count > 2 }.map { ($0[0], $0[2]) })

    private static let rows = DataFile.rows("countries")
}

/// A file of `Resources/data`: rows of codes with commas between them, none of which is a word of a language.
enum DataFile {
    static func rows(_ name: String) -> [[String]] {
        (ResourceTable.texts["data/\(name).csv"] ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",").map { String($0) } }
    }
}
