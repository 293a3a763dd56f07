package import Database
package import JSON
internal import Jobs
package import Nouns
internal import Records
package import Telemetry

/// The times at which an agent runs by itself: a row of `schedules`.
package struct Schedule: StoredRow, Identified {
    package static let idPrefix = "sch", noun = "schedule", table = "schedules"

    package enum Missed: String, CaseIterable, Sendable {
        case runOnce = "run_once"
        case skip
    }

    package let id: ID<Schedule>
    package var agent: String, name: String
    /// The text as it was given: an expression, or a word of `Cron`.
    package var cron: String
    package var timeZone: String
    package var enabled: Bool
    package var missed: Missed
    /// A slot that is missed by more than this is not made up for.
    package var catchUp: Duration
    /// A run starts up to this much after its slot, by a time that is fixed for the slot.
    package var jitter: Duration
    /// An agent whose runs must have ended first.
    package var after: String?
    package var blackouts: [Blackout]
    /// Its runs wait until no other agent works.
    package var isMaintenance: Bool
    package var parameters: JSON
    /// `nil` when it is disabled, or never fires again.
    package internal(set) var nextAt: Instant?
    package internal(set) var version: Int
    package let createdAt: Instant
    package internal(set) var updatedAt: Instant

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (id, agent, name) = (row.id("id"), row.text("agent"), row.text("name"))
        (cron, timeZone) = (row.text("cron"), row.text("time_zone"))
        (enabled, missed) = (row.bool("enabled"), Missed(rawValue: row.text("missed")) ?? .runOnce)
        (catchUp, jitter) = (.microseconds(row.int64("catch_up")), .microseconds(row.int64("jitter")))
        after = row.optionalText("after_agent")
        blackouts = try row.json("blackouts").array?.compactMap(Blackout.init) ?? []
        parameters = try row.json("parameters")
        nextAt = row.optionalInstant("next_at")
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
        isMaintenance = row.bool("maintenance")
    }

    init(id: ID<Schedule>, agent: String, name: String, cron: String, timeZone: String, now: Instant) {
        (self.id, self.agent, self.name, self.cron, self.timeZone) = (id, agent, name, cron, timeZone)
        (enabled, missed, catchUp, jitter) = (true, .runOnce, .seconds(86_400), .zero)
        (after, blackouts, parameters, nextAt) = (nil, [], [:], nil)
        isMaintenance = false
        (version, createdAt, updatedAt) = (1, now, now)
    }

    package func nextFires(_ count: Int, after instant: Instant, agents: AgentRegistry) throws -> [Instant] {
        let rhythm = try Rhythm(self, agents)
        return rhythm.cron.nextFires(count, after: instant, in: rhythm.zone)
    }

    var subject: Subject { Subject(id) }

    /// The parts that people set, for the audit.
    var settings: JSON {
        [
            "agent": .string(agent), "name": .string(name), "cron": .string(cron),
            "time_zone": .string(timeZone),
            "enabled": .bool(enabled), "missed": .string(missed.rawValue), "jitter": .string(jitter.iso8601),
            "catch_up": .string(catchUp.iso8601), "after": JSON(after),
            "blackouts": .array(blackouts.map(\.json)),
            "parameters": parameters,
        ]
    }
}

/// A schedule's expression and zone, read.
struct Rhythm {
    let cron: Cron
    let zone: TimeZoneRules

    init(_ schedule: Schedule, _ agents: AgentRegistry) throws(RuntimeError) {
        guard let zone = TimeZoneRules(named: schedule.timeZone) else {
            throw .invalidTimeZone(
                "'\(schedule.timeZone)' is not in the tz database; use a name such as Europe/Berlin")
        }
        do throws(CronError) {
            cron = try Cron.known(schedule.cron, dailyHour: agents[schedule.agent]?.dailyHour ?? 9)
        } catch {
            throw .invalidCron(error.reason)
        }
        self.zone = zone
    }
}

/// Hours in which a schedule does not fire, on some or all days, by the schedule's zone. One that ends before
/// it begins reaches into the next day, and belongs to the day it begins on.
package struct Blackout: Hashable, Sendable {
    /// Minutes of the day.
    package let from: Int, to: Int
    /// 1 is Monday; empty means every day.
    package let days: [Int]

    package init(from: Int, to: Int, days: [Int] = []) { (self.from, self.to, self.days) = (from, to, days) }

    /// Makes the blackout from `{"from": "22:00", "to": "06:00", "days": [1, 2]}`; `nil` when it is not that.
    package init?(_ json: JSON) {
        guard let from = Self.minutes(json["from"]), let to = Self.minutes(json["to"]), from != to else {
            return nil
        }
        let days = json["days"]?.array?.map { $0.int } ?? []
        guard days.allSatisfy({ $0.map { (1...7).contains($0) } ?? false }) else { return nil }
        self.init(from: from, to: to, days: days.compactMap { $0.map(Int.init) })
    }

    package var json: JSON {
        [
            "from": .string(Self.text(from)), "to": .string(Self.text(to)),
            "days": .array(days.map { JSON($0) }),
        ]
    }

    func covers(_ local: LocalTime) -> Bool {
        let minute = local.secondsOfDay / 60
        func holds(_ date: CivilDate) -> Bool { days.isEmpty || days.contains(date.weekday) }
        if from < to { return (from..<to).contains(minute) && holds(local.date) }
        let yesterday = CivilDate(daysSinceEpoch: local.date.daysSinceEpoch - 1)
        return minute >= from && holds(local.date) || minute < to && holds(yesterday)
    }

    private static func minutes(_ json: JSON?) -> Int? {
        guard let parts = json?.text?.split(separator: ":"), parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    private static func text(_ minutes: Int) -> String {
        func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(pad(minutes / 60)):\(pad(minutes % 60))"
    }
}
