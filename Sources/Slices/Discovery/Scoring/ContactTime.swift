internal import Lexicons
package import Records
package import Telemetry

/// The best time to write to a lead or to call it: in the working hours of its own zone (Monday to Friday, 8 to 18), in
/// the middle of the week if that is near.
package enum ContactTime {
    /// Later than `now`, within ten days. `fallback` is the tenant's zone.
    package static func best(for input: ScoringInput, after now: Instant, fallback: TimeZoneRules) -> Instant
    {
        let zone = PlaceZone.zone(country: input.country, location: input.location, fallback: fallback)
        return best(for: input, after: now, in: zone)
    }

    static func best(for input: ScoringInput, after now: Instant, in zone: TimeZoneRules) -> Instant {
        let hour = hour(for: input), workdays = workdays(in: input.country)
        let today = zone.local(of: now).date.daysSinceEpoch
        let days = (0...10).map { CivilDate(daysSinceEpoch: today + $0) }
        func first(_ weekdays: ClosedRange<Int>) -> Instant? {
            days.lazy.filter { weekdays.contains($0.weekday) && workdays.contains($0.weekday) }
                .map { zone.firstInstant(atOrAfter: LocalTime($0, hour: hour)) }
                .first { $0 > now && isWorkingHour($0, zone) }
        }
        guard let any = first(1...5) else { preconditionFailure("ten days hold a working day") }
        // Mondays and Fridays are poorer; waiting long is poorer still.
        guard let middle = first(2...4), middle - now <= .seconds(72 * 3600) else { return any }
        return middle
    }

    private static func isWorkingHour(_ instant: Instant, _ zone: TimeZoneRules) -> Bool {
        (8..<18).contains(zone.local(of: instant).hour)
    }

    /// Those who decide are free before the day begins; shops, kitchens, practices and schools between
    /// their busy hours.
    private static func hour(for input: ScoringInput) -> Int {
        let industry = Words(input.industry ?? ""), title = Words(input.contactTitle ?? "")
        if afternoon.isFound(in: industry) { return 15 }
        if earlyAfternoon.isFound(in: industry) { return 14 }
        return deciders.isFound(in: title) ? 9 : 10
    }

    private static let lexicon = Lexicon("contact-times", in: ResourceTable.texts)
    private static let afternoon = PhraseList(lexicon.phrases("afternoon"))
    private static let earlyAfternoon = PhraseList(lexicon.phrases("early afternoon"))
    private static let deciders = PhraseList(lexicon.phrases("before the day"))

    /// Where the weekend begins on Friday, that day is no working day.
    private static func workdays(in country: String?) -> ClosedRange<Int> {
        let fridayOff: Set<String> = [
            "AF", "BD", "BH", "DZ", "EG", "IL", "IQ", "IR", "JO", "KW", "LY", "MV", "OM", "PS", "QA",
            "SA", "SD", "SY", "YE",
        ]
        return fridayOff.contains((country ?? "").uppercased()) ? 1...4 : 1...5
    }
}
