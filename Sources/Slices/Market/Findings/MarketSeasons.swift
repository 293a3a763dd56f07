internal import Records
internal import Telemetry

/// The months of the year in which more leads come in than in others, or fewer, out of whole years.
struct MarketSeasons {
    private static let yearsMax = 5
    private let counts: MarketCounts

    init(_ counts: MarketCounts) { self.counts = counts }

    var cases: [MarketCase] {
        guard let first = counts.leads.last else { return [] }
        let start = counts.zone.local(of: first.at).date, today = counts.today
        // Twelve months each, up to the end of the last whole one.
        let last = today.year * 12 + today.month - 2
        let earliest = start.year * 12 + start.month - (start.day == 1 ? 1 : 0)
        let years = min(Self.yearsMax, (last - earliest + 1) / 12)
        guard years >= 2 else { return [] }
        let begin = last - years * 12 + 1
        var months = [Int](repeating: 0, count: years * 12)
        for lead in counts.leads {
            let day = counts.zone.local(of: lead.at).date, place = day.year * 12 + day.month - 1 - begin
            if months.indices.contains(place) { months[place] += 1 }
        }
        let total = months.reduce(0, +)
        func days(_ month: Int) -> Int {
            CivilDate.daysInMonth(month % 12 + 1, year: month / 12)
        }
        let allDays = months.indices.reduce(0) { $0 + days(begin + $1) }
        return (0..<12).map { month in
            let places = months.indices.filter { (begin + $0) % 12 == month }
            var asked = MarketCase(.season, "month", "\(month + 1)")
            asked.here = Share(places.reduce(0) { $0 + months[$1] }, of: total)
            asked.expected = Double(places.reduce(0) { $0 + days(begin + $1) }) / Double(max(1, allDays))
            asked.years = years
            asked.isSteady = isSteady(places, months) { days(begin + $0) }
            let next = month + 1 > today.month ? today.year : today.year + 1
            asked.day = CivilDate(year: next, month: month + 1, day: 1)
            let ids = counts.leads.filter { counts.zone.local(of: $0.at).date.month == month + 1 }
            asked.evidence = MarketCounts.evidence(ids)
            return asked
        }
    }

    /// Returns whether the month stands out on the same side in every year.
    private func isSteady(
        _ places: [Int], _ months: [Int], days: (Int) -> Int
    ) -> Bool {
        let sides = places.map { place -> Bool in
            let year = place / 12 * 12..<place / 12 * 12 + 12
            let sum = year.reduce(0) { $0 + months[$1] }, length = year.reduce(0) { $0 + days($1) }
            return Double(months[place]) * Double(length) > Double(sum) * Double(days(place))
        }
        return Set(sides).count == 1
    }
}
