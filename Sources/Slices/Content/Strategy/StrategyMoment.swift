internal import JSON
internal import Records
internal import Social
internal import Telemetry

/// A moment at which something may be said, and how good it is.
struct StrategyMoment: Hashable, Sendable {
    let at: Instant
    /// The day where the agency is.
    let day: CivilDate
    let network: SocialNetwork?
    let score: Double

    /// The hour of working days for whoever has no account.
    private static let usualHour = 9
    /// The worth of an hour of an account's own queue, beside those at which readers are usually there.
    private static let queueBonus = 0.2

    init(at: Instant, day: CivilDate, network: SocialNetwork?, score: Double) {
        (self.at, self.day, self.network, self.score) = (at, day, network, score)
    }

    /// Returns the moments of some days, in their order, which are still to come.
    static func all(
        of accounts: [AccountHours], from first: CivilDate, through last: CivilDate, zone: TimeZoneRules,
        after now: Instant
    ) -> [StrategyMoment] {
        var best: [Instant: StrategyMoment] = [:]
        func add(_ moment: StrategyMoment) {
            guard moment.at > now, (first...last).contains(moment.day),
                moment.score > best[moment.at]?.score ?? -1
            else { return }
            best[moment.at] = moment
        }
        // A day elsewhere may begin on the one before here.
        for offset in -1...(last.daysSinceEpoch - first.daysSinceEpoch + 1) {
            let date = first.adding(days: offset)
            if accounts.isEmpty, date.weekday < 6 {
                let at = zone.firstInstant(atOrAfter: LocalTime(date, hour: usualHour))
                add(StrategyMoment(at: at, day: date, network: nil, score: 0.5))
            }
            for account in accounts {
                let own = account.zone.flatMap { TimeZoneRules(named: $0) } ?? zone
                for hour in account.hours where hour.weekday == date.weekday {
                    let at = own.firstInstant(
                        atOrAfter: LocalTime(date: date, secondsOfDay: hour.minuteOfDay * 60))
                    add(
                        StrategyMoment(
                            at: at, day: zone.local(of: at).date, network: account.network,
                            score: hour.score + (account.isQueue ? queueBonus : 0)))
                }
            }
        }
        return best.values.sorted { $0.at < $1.at }
    }
}

extension StrategyMoment {
    init?(json: JSON) {
        guard let at = json["at"]?.text.flatMap({ Instant($0) }),
            let day = json["day"]?.text.flatMap({ CivilDate(iso: $0) })
        else { return nil }
        self.init(
            at: at, day: day, network: json["network"]?.text.flatMap(SocialNetwork.init(rawValue:)),
            score: json["score"]?.double ?? 0)
    }

    var json: JSON {
        [
            "at": .string(at.description), "day": .string(day.iso), "network": JSON(network?.rawValue),
            "score": .number(score),
        ]
    }
}
