internal import Lexicons

/// The words by which companies speak of what they sell, in the languages of the files.
enum OfferLexicon {
    enum Meaning: String, CaseIterable {
        case from, tax, once, claim, serves
        case priceWord = "price_word", noPrice = "no_price"
        case perMonth = "per_month", perYear = "per_year", perWeek = "per_week", perDay = "per_day"
        case perHour = "per_hour"

        var period: OfferReading.Period? {
            switch self {
            case .perMonth: .month
            case .perYear: .year
            case .perWeek: .week
            case .perDay: .day
            case .perHour: .hour
            case .once: .once
            case .from, .tax, .claim, .serves, .priceWord, .noPrice: nil
            }
        }
    }

    private static let lexicon = Lexicon("offers", in: ResourceTable.texts)

    static let phrases: PhraseTable<Meaning> = {
        var table = PhraseTable<Meaning>()
        for meaning in Meaning.allCases {
            for phrase in lexicon.phrases(meaning.rawValue) where !phrase.isEmpty {
                table.add(phrase, meaning)
            }
        }
        return table
    }()

    /// The words of links to pages of prices.
    static let pricePages: PhraseTable<Bool> = {
        var table = PhraseTable<Bool>()
        for phrase in lexicon.phrases("page_prices") { table.add(phrase, true) }
        return table
    }()
}
