package import Records
package import Telemetry

/// Values as documents and pages show them without a template.
extension TextLocale {
    package func shown(_ money: Money) -> String {
        MoneyValue(money.json).map(ValueFormat(locale: self, zone: .utc).money)
            ?? "\(money.amount) \(money.currency)"
    }

    /// Returns a number with the locale's point and grouping.
    package func shown(_ number: Double) -> String {
        ValueFormat(locale: self, zone: .utc).number(number, places: nil, groups: true)
    }

    /// The long form: `7 March 2027`.
    package func shown(_ date: CivilDate) -> String {
        ValueFormat(locale: self, zone: .utc).date(Moment(date: date, seconds: nil), .long) ?? ""
    }

    /// Day and time of the day as clocks of the zone show them.
    package func shown(_ instant: Instant, in zone: TimeZoneRules) -> String {
        let format = ValueFormat(locale: self, zone: zone)
        let local = zone.local(of: instant)
        let moment = Moment(date: local.date, seconds: local.secondsOfDay)
        return [format.date(moment, .long), format.time(moment)].compactMap { $0 }.joined(separator: ", ")
    }
}
