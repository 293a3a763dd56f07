internal import Lexicons
internal import Telemetry

extension ReplyReading {
    /// Words for the time of an absence, and for mail that is not read in it.
    private static let meanwhile = Lexicon("replies").words("meanwhile")
    /// Words of wishes that outlast an absence.
    private static let lasting = Lexicon("replies").words("lasting")

    /// Returns the words that state an absence with a date, unless a wish to be left alone goes beyond it: mail
    /// that is not read meanwhile may come again, and a list is left for good.
    func absence(on today: CivilDate) -> Range<Int>? {
        guard let away = rules[.away] else { return nil }
        let dated = Set(text.dates(on: today).map { text.words[$0.words.lowerBound].sentence })
        let place = away.first { dated.contains(text.words[$0.lowerBound].sentence) }
        return (rules[.unsubscribe] ?? []).allSatisfy(isMeanwhile) ? place : nil
    }

    private func isMeanwhile(_ wish: Range<Int>) -> Bool {
        let said = Set(text.sentence(around: wish.lowerBound).map { text.words[$0].folded })
        return !said.isDisjoint(with: Self.meanwhile) && said.isDisjoint(with: Self.lasting)
    }
}
