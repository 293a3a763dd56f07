internal import JSON
package import Records
internal import Telemetry

/// An agency's settings for what clients get for a referral.
package struct ReferralSettings: Part {
    package var reward: Money?
    package var expiresAfter = "P1Y"
    package var maxPerYear = 5

    package init() {}
    package static let schema = Schema<ReferralSettings>(
        "ReferralSettings",
        [
            .money("reward", \.reward, .about("The credit for a referral; null: none.")),
            .text(
                "expires_after", \.expiresAfter, max: 20, .standard("P1Y"),
                .about("How long the credit can be used, in years, months, weeks or days.")),
            .integer(
                "max_per_year", \.maxPerYear, in: 0...1000, .standard(5),
                .about("How many rewards one client gets within a year.")),
        ])

    package var faults: [Fault] {
        var faults: [Fault] = []
        if let reward, reward.amount < 1 {
            faults.append(Fault("/reward/amount", "out_of_range", "reward must be at least 1."))
        }
        if CalendarTerm(expiresAfter) == nil {
            faults.append(
                Fault(
                    "/expires_after", "invalid_duration",
                    "expires_after must be a duration such as P1Y, P6M or P90D."))
        }
        return faults
    }

    /// The last day on which a credit of today can be used.
    func end(from today: CivilDate) -> CivilDate? { CalendarTerm(expiresAfter)?.end(from: today) }
}

/// A time by the calendar: `P1Y`, `P6M`, `P2W`, `P90D`.
struct CalendarTerm: Hashable {
    private enum Unit: Character { case years = "Y", months = "M", weeks = "W", days = "D" }
    private let count: Int, unit: Unit

    init?(_ text: String) {
        guard text.first == "P", let unit = text.last.flatMap(Unit.init),
            let count = Int(text.dropFirst().dropLast()), (1...10_000).contains(count)
        else { return nil }
        (self.count, self.unit) = (count, unit)
    }

    /// Returns the same day so much later; the month's last one where it has no such day.
    func end(from date: CivilDate) -> CivilDate {
        switch unit {
        case .years: date.later(byMonths: min(count, 100) * 12)
        case .months: date.later(byMonths: min(count, 1200))
        case .weeks: date.adding(days: min(count, 5000) * 7)
        case .days: date.adding(days: count)
        }
    }
}
