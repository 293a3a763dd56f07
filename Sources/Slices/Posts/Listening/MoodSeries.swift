internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// The numbers of mentions that sound good, bad or neither, and their tone on the whole.
struct MoodCounts: Hashable, Sendable {
    var negative = 0, neutral = 0, positive = 0
    /// The sum of the scores of all.
    var sum = 0.0

    var all: Int { negative + neutral + positive }
    var badShare: Double { all == 0 ? 0 : Double(negative) / Double(all) }

    mutating func add(_ tone: Mention.Tone, _ count: Int, sum: Double) {
        switch tone {
        case .negative: negative += count
        case .neutral: neutral += count
        case .positive: positive += count
        }
        self.sum += sum
    }

    static func += (one: inout MoodCounts, other: MoodCounts) {
        one.negative += other.negative
        one.neutral += other.neutral
        one.positive += other.positive
        one.sum += other.sum
    }

    var json: JSONObject {
        [
            "mentions": JSON(all), "positive": JSON(positive), "neutral": JSON(neutral),
            "negative": JSON(negative),
            "score": all == 0 ? .null : .number((sum / Double(all)).rounded4),
        ]
    }
}

extension MoodCounts {
    func json(on day: CivilDate) -> JSONObject {
        var object: JSONObject = ["date": .string(day.iso)]
        for (name, value) in json.members { object[name] = value }
        return object
    }
}

/// A fall of the mood around an account: of a week's mentions more sound bad than of the four weeks before, by more
/// than chance would bring.
struct MoodFall: Hashable, Sendable {
    /// The days that are compared, and those before them with which they are.
    static let recentDays = 7, beforeDays = 28
    private static let recentMin = 10, beforeMin = 20
    /// One angry person is no mood.
    private static let peopleMin = 3
    private static let chanceMax = 0.01

    let recent: MoodCounts, before: MoodCounts
    /// The probability that chance alone makes so many of the recent ones sound bad.
    let chance: Double

    /// `people` are those who have said something bad of late. `nil`: the mood has not fallen, or little was said.
    init?(_ recent: MoodCounts, after before: MoodCounts, people: Int) {
        guard recent.all >= Self.recentMin, before.all >= Self.beforeMin, people >= Self.peopleMin,
            recent.badShare > before.badShare
        else { return nil }
        let chance = Rarity.chance(
            of: recent.negative, in: recent.all, besides: before.negative, in: before.all)
        guard chance <= Self.chanceMax else { return nil }
        (self.recent, self.before, self.chance) = (recent, before, chance)
    }

    var json: JSON {
        [
            "recent": .object(recent.json), "before": .object(before.json),
            "chance": .number(chance), "recent_days": JSON(Self.recentDays),
            "before_days": JSON(Self.beforeDays),
        ]
    }
}

/// The probability that chance alone brings something about: Fisher's exact test, of one side.
enum Rarity {
    /// Returns how likely at least so many `hits` are among `count` things, where `others` more are among the `rest`
    /// and chance has shared out all of them.
    static func chance(of hits: Int, in count: Int, besides others: Int, in rest: Int) -> Double {
        let all = hits + others
        // Each way to share them out weighs against the one at hand.
        var (upper, lower, weight) = (1.0, 0.0, 1.0)
        for more in hits..<max(hits, min(all, count)) {
            weight *= Double(all - more) * Double(count - more)
            weight /= Double(more + 1) * Double(rest - all + more + 1)
            upper += weight
        }
        weight = 1
        let least = max(0, all - rest)
        for fewer in stride(from: hits, to: least, by: -1) {
            weight *= Double(fewer) * Double(rest - all + fewer)
            weight /= Double(all - fewer + 1) * Double(count - fewer + 1)
            lower += weight
        }
        return upper / (upper + lower)
    }
}

extension MentionStore {
    /// Returns how mentions of some days sound, by the day; days without any are left out.
    func moods(
        of filter: MentionFilter, from first: CivilDate, through last: CivilDate
    ) throws -> [CivilDate: MoodCounts] {
        var sql: SQL = """
            SELECT day, tone, count(*), sum(score) FROM social_mentions
            WHERE tenant_id = \(tx.tenant) AND day >= \(first.iso) AND day <= \(last.iso)
            """
        sql += filter.conditions(in: tx) + " GROUP BY day, tone"
        var days: [CivilDate: MoodCounts] = [:]
        try tx.each(sql) { row in
            guard let day = CivilDate(iso: row.text(0)), let tone = Mention.Tone(rawValue: row.text(1)) else {
                return
            }
            days[day, default: MoodCounts()].add(tone, row.int(2), sum: row.double(3))
        }
        return days
    }

    /// Returns the fall of the mood up to a day; `nil`: there is none.
    func moodFall(of filter: MentionFilter, on day: CivilDate) throws -> MoodFall? {
        let recent = day.adding(days: 1 - MoodFall.recentDays)
        let before = recent.adding(days: -MoodFall.beforeDays)
        let moods = try moods(of: filter, from: before, through: day)
        var (late, early) = (MoodCounts(), MoodCounts())
        for (day, counts) in moods {
            if day < recent { early += counts } else { late += counts }
        }
        var sql: SQL = """
            SELECT count(DISTINCT conversation_id) FROM social_mentions
            WHERE tenant_id = \(tx.tenant) AND day >= \(recent.iso) AND day <= \(day.iso)
                AND tone = 'negative'
            """
        sql += filter.conditions(in: tx)
        return MoodFall(late, after: early, people: Int(try tx.int(sql) ?? 0))
    }
}
