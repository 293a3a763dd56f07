package import Telemetry

/// A day, or the days of a period, that a text names.
package struct StatedDate: Hashable, Sendable {
    /// The day; of a month, quarter, season or year its first.
    package var first: CivilDate
    /// The last day of the period; of a single day, the day itself.
    package var last: CivilDate
    /// The date as it was written.
    package var quote: String
    /// Indices of its words in the text.
    var words: Range<Int>
    var isWeekday = false
}

extension ReadText {
    /// The dates that the text names, in its order, as somebody means them who writes on a day. Without a
    /// year they lie ahead; one that passed a week ago at most is left there, since an absence note may be
    /// late.
    package func dates(on today: CivilDate) -> [StatedDate] {
        var found: [StatedDate] = []
        var index = 0
        let reader = DateReader(words: words, today: today)
        while index < words.count {
            if let (first, last, end) = reader.date(at: index) {
                var date = StatedDate(first: first, last: last, quote: quote(index..<end), words: index..<end)
                date.isWeekday = end == index + 1 && CalendarWords.weekdays[words[index].folded] != nil
                found.append(date)
                index = end
            } else {
                index += 1
            }
        }
        return found
    }
}
