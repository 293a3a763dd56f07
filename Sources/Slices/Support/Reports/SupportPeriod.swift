internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// A week or a month that is over.
struct SupportPeriod: Sendable {
    let kind: SupportReport.Kind
    let start: CivilDate, end: CivilDate

    /// The last whole one before a day.
    init(_ kind: SupportReport.Kind, before today: CivilDate) {
        self.kind = kind
        switch kind {
        case .weekly:
            end = today.adding(days: -today.weekday)
            start = end.adding(days: -6)
        case .monthly:
            end = today.adding(days: -today.day)
            start = CivilDate(year: end.year, month: end.month, day: 1)
        }
    }

    var previous: SupportPeriod { SupportPeriod(kind, before: start) }
}

/// The counts of single days, by metric and day.
struct SupportDays {
    private var counts: [String: [String: Int]] = [:]
    /// Fewer say nothing about how figures go together.
    static let pairsMin = 10

    init(from first: CivilDate, to last: CivilDate, in reader: some Queryable) throws {
        let months = Set(
            (0...(last.daysSinceEpoch - first.daysSinceEpoch)).map { first.adding(days: $0).iso.prefix(7) })
        for name in TicketMetrics.names {
            let prefix = "tickets.figures.day.\(name)."
            for month in months {
                for (key, count) in try reader.counters.all(prefix: prefix + month) {
                    counts[name, default: [:]][String(key.dropFirst(prefix.count))] = count
                }
            }
        }
    }

    func sum(_ name: String, _ period: SupportPeriod) -> Int {
        (counts[name] ?? [:]).filter { period.start.iso <= $0.key && $0.key <= period.end.iso }.values.reduce(
            0, +)
    }

    /// The correlation of quick answers and content people, day by day: Pearson's r, from -1 to 1.
    var speedAndSatisfaction: (r: Double?, days: Int) {
        func mean(_ sum: String, _ count: String, _ day: String) -> Double? {
            guard let number = counts[count]?[day], number > 0 else { return nil }
            return Double(counts[sum]?[day] ?? 0) / Double(number)
        }
        let pairs = (counts["csat.count"] ?? [:]).keys.compactMap { day -> (Double, Double)? in
            guard let seconds = mean("first_response.seconds", "first_response.count", day),
                let points = mean("csat.sum", "csat.count", day)
            else { return nil }
            return (seconds, points)
        }
        return (pairs.count < Self.pairsMin ? nil : Self.pearson(pairs), pairs.count)
    }

    static func pearson(_ pairs: [(Double, Double)]) -> Double? {
        let count = Double(pairs.count)
        let x = pairs.map(\.0).reduce(0, +) / count, y = pairs.map(\.1).reduce(0, +) / count
        let together = pairs.map { ($0.0 - x) * ($0.1 - y) }.reduce(0, +)
        let spread = pairs.map { ($0.0 - x) * ($0.0 - x) }.reduce(0, +)
        let height = pairs.map { ($0.1 - y) * ($0.1 - y) }.reduce(0, +)
        return spread > 0 && height > 0 ? together / (spread * height).squareRoot() : nil
    }
}
