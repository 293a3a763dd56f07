internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// The pace at which an agency says things: what the coordinator is set to.
struct PostingPace: Sendable, Equatable {
    var daysAhead = 14
    /// Between two posts of one piece.
    var gapHours = 3
    /// Of one account.
    var postsPerDay = 2
    /// The time that people have to look at what is proposed.
    var noticeHours = 4

    var json: JSON {
        [
            "days_ahead": JSON(daysAhead), "gap_hours": JSON(gapHours), "posts_per_day": JSON(postsPerDay),
            "notice_hours": JSON(noticeHours),
        ]
    }

    init() {}

    init(json: JSON) {
        func number(_ name: String, _ standard: Int) -> Int { json[name]?.int.map(Int.init) ?? standard }
        daysAhead = number("days_ahead", daysAhead)
        gapHours = number("gap_hours", gapHours)
        postsPerDay = number("posts_per_day", postsPerDay)
        noticeHours = number("notice_hours", noticeHours)
    }
}

/// The hours at which an account may say something, and those that are taken.
struct PostingWeek: Sendable {
    struct Hour: Sendable, Equatable {
        /// 1 is Monday.
        let weekday: Int, minuteOfDay: Int
        let score: Double
    }

    struct Moment: Sendable, Equatable {
        let at: Instant
        let score: Double
    }

    let account: SocialAccountID
    let network: SocialNetwork
    let zone: String
    let hours: [Hour]
    /// Whether the hours are those of its queue, each for one post.
    let isQueue: Bool
    /// When it says something already.
    var taken: [Instant]

    /// Two posts of one account are so far apart at least, in seconds.
    private static let apart: Int64 = 1800
    /// The cost of a day of waiting, beside the score of an hour.
    private static let dayCost = 0.25

    /// Returns the best hour that is free: the sooner, the better, and never close to what the piece says elsewhere.
    func moment(
        from earliest: Instant, _ pace: PostingPace, besides said: [Instant]
    ) -> Moment? {
        guard let rules = TimeZoneRules(named: zone) else { return nil }
        let first = rules.local(of: earliest).date
        var best: (value: Double, moment: Moment)?
        for day in 0..<max(pace.daysAhead, 1) {
            let date = CivilDate(daysSinceEpoch: first.daysSinceEpoch + day)
            guard count(on: date, rules) < pace.postsPerDay else { continue }
            for hour in hours where hour.weekday == date.weekday {
                let at = rules.firstInstant(
                    atOrAfter: LocalTime(date: date, secondsOfDay: hour.minuteOfDay * 60))
                let value = hour.score - Double(day) * Self.dayCost
                guard at >= earliest, isFree(at), isApart(at, from: said, hours: pace.gapHours),
                    best.map({ value > $0.value || value == $0.value && at < $0.moment.at }) ?? true
                else { continue }
                best = (value, Moment(at: at, score: hour.score))
            }
        }
        return best?.moment
    }

    private func count(on date: CivilDate, _ rules: TimeZoneRules) -> Int {
        taken.count { rules.local(of: $0).date == date }
    }

    private func isFree(_ at: Instant) -> Bool {
        !taken.contains { abs($0.seconds - at.seconds) < (isQueue ? 60 : Self.apart) }
    }

    private func isApart(_ at: Instant, from said: [Instant], hours: Int) -> Bool {
        !said.contains { abs($0.seconds - at.seconds) < Int64(hours) * 3600 }
    }

    // MARK: Kept with decisions

    var json: JSON {
        [
            "account_id": JSON(account), "network": .string(network.rawValue), "zone": .string(zone),
            "queue": .bool(isQueue), "taken": JSON(taken.map(\.description)),
            "hours": .array(
                hours.map {
                    [
                        "weekday": JSON($0.weekday), "minute": JSON($0.minuteOfDay),
                        "score": .number($0.score),
                    ]
                }),
        ]
    }

    init(
        _ account: SocialAccountID, _ network: SocialNetwork, zone: String, _ hours: [Hour], isQueue: Bool,
        taken: [Instant]
    ) {
        (self.account, self.network, self.zone) = (account, network, zone)
        (self.hours, self.isQueue, self.taken) = (hours, isQueue, taken)
    }

    init?(json: JSON) {
        guard let account = json["account_id"]?.id(of: Nouns.SocialAccount.self),
            let network = json["network"]?.text.flatMap(SocialNetwork.init(rawValue:))
        else { return nil }
        self.init(
            account, network, zone: json["zone"]?.text ?? "UTC",
            (json["hours"]?.array ?? []).map {
                Hour(
                    weekday: Int($0["weekday"]?.int ?? 1), minuteOfDay: Int($0["minute"]?.int ?? 0),
                    score: $0["score"]?.double ?? 0)
            }, isQueue: json["queue"] == true,
            taken: (json["taken"]?.array ?? []).compactMap { $0.text.flatMap { Instant($0) } })
    }
}
