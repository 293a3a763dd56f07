internal import Database
package import JSON
package import Nouns
internal import Records
internal import Telemetry
package import Templates
package import Wording

/// Two schedules that get in one another's way.
package struct ScheduleConflict {
    package enum Kind: String, CaseIterable {
        /// One's run typically lasts into the other's, and both write the same records.
        case overlap
        /// One's run typically lasts into its own next one.
        case selfOverlap = "self_overlap"
        /// Maintenance is due while another agent typically works.
        case maintenance
        /// One waits for an agent that is due only later that day, or has no schedule.
        case order
    }

    package let kind: Kind
    let schedules: [ID<Schedule>], agents: [String]
    /// The resource that both write; `nil` where it is not about records.
    let resource: String?
    /// The first time, and how often within a week.
    let firstAt: Instant?
    let count: Int
    package let detail: Saying, suggestion: Saying

    /// Good as long as the schedules are the same.
    package var id: String { ([kind.rawValue] + schedules.map { "\($0)" }).joined(separator: ":") }

    /// The conflict in the words of whoever reads it.
    package func json(in words: Wording) -> JSON {
        [
            "id": .string(id), "kind": .string(kind.rawValue), "schedules": JSON(schedules),
            "agents": JSON(agents), "resource": JSON(resource), "first_at": JSON(firstAt?.description),
            "count": JSON(count), "detail": .string(detail.said(in: words)),
            "suggestion": .string(suggestion.said(in: words)),
        ]
    }

    package static let schema: JSON = .record([
        "id": .anyText, "kind": .choice(Kind.self), "schedules": ["type": "array", "items": .anyText],
        "agents": ["type": "array", "items": .anyText], "resource": .textOrNull, "first_at": .instantOrNull,
        "count": ["type": "integer", "description": "How often the conflict occurs in the week."],
        "detail": .anyText,
        "suggestion": .anyText,
    ])
}

extension ScheduleStore {
    /// Every conflict of the tenant's enabled schedules within a week, by how long its agents' runs typically take.
    package func conflicts(_ agents: AgentRegistry) throws -> [ScheduleConflict] {
        let durations = try typicalDurations()
        let schedules = try tx.all(
            """
            SELECT \(Schedule.columns) FROM schedules WHERE tenant_id = \(tx.tenant) AND enabled = 1 ORDER BY id
            """
        ) { try Schedule($0) }
        // Most agencies' runs are short: then their fires need not be known.
        let isWorthwhile = schedules.contains {
            $0.after != nil || (durations[$0.agent] ?? .zero) >= SchedulePlan.noticeable
        }
        guard isWorthwhile else { return [] }
        let plans = try schedules.map { try SchedulePlan($0, durations[$0.agent] ?? .zero, tx.now, agents) }
        var found: [ScheduleConflict] = []
        for (index, plan) in plans.enumerated() {
            if let conflict = plan.selfOverlap { found.append(conflict) }
            if let conflict = plan.order(among: plans) { found.append(conflict) }
            for other in plans[(index + 1)...] {
                if let conflict = plan.overlap(with: other) { found.append(conflict) }
            }
        }
        return found
    }

    package func conflicts(of schedule: ID<Schedule>, _ agents: AgentRegistry) throws -> [ScheduleConflict] {
        try conflicts(agents).filter { $0.schedules.contains(schedule) }
    }

    private func typicalDurations() throws -> [String: Duration] {
        let rows = try tx.all(
            "SELECT agent, duration / runs FROM agent_metrics WHERE tenant_id = \(tx.tenant) AND runs > 0"
        ) { ($0.text(0), Duration.microseconds($0.int64(1))) }
        return Dictionary(rows) { first, _ in first }
    }
}

/// A schedule's fires of the coming week, and how long each typically lasts.
private struct SchedulePlan {
    /// Shorter runs get in nobody's way.
    static let noticeable: Duration = .seconds(60)
    private static let horizon: Duration = .seconds(7 * 86_400)
    private static let firesMax = 500

    let schedule: Schedule
    let duration: Duration
    let fires: [Instant]
    /// The kinds of records that the agent may write.
    let resources: Set<String>

    init(_ schedule: Schedule, _ duration: Duration, _ now: Instant, _ agents: AgentRegistry) throws {
        (self.schedule, self.duration) = (schedule, duration)
        fires = try schedule.nextFires(Self.firesMax, after: now, agents: agents).filter {
            $0 < now + Self.horizon
        }
        resources = Set(
            (agents[schedule.agent]?.permissions ?? []).filter { $0.parts.action == "write" }
                .map(\.parts.resource))
    }

    private var isLong: Bool { duration >= Self.noticeable }

    var selfOverlap: ScheduleConflict? {
        guard isLong else { return nil }
        let late = zip(fires, fires.dropFirst()).filter { $1 - $0 < duration }
        guard let first = late.first else { return nil }
        return ScheduleConflict(
            kind: .selfOverlap, schedules: [schedule.id], agents: [schedule.agent], resource: nil,
            firstAt: first.1, count: late.count,
            detail: Saying(
                "schedule.self_overlap",
                ["agent": .text(schedule.agent), "time": .text(duration.inWords)]),
            suggestion: Saying("schedule.less"))
    }

    func overlap(with other: SchedulePlan) -> ScheduleConflict? {
        guard isLong || other.isLong, schedule.agent != other.schedule.agent else { return nil }
        // One that waits for the other is never in its way.
        guard schedule.after != other.schedule.agent, other.schedule.after != schedule.agent else {
            return nil
        }
        let isMaintenance = schedule.isMaintenance || other.schedule.isMaintenance
        let shared = resources.intersection(other.resources).min()
        guard isMaintenance || shared != nil else { return nil }
        let (first, count) = meetings(with: other)
        guard let first else { return nil }
        let names = [schedule.agent, other.schedule.agent]
        return ScheduleConflict(
            kind: isMaintenance ? .maintenance : .overlap, schedules: [schedule.id, other.schedule.id],
            agents: names, resource: isMaintenance ? nil : shared, firstAt: first, count: count,
            detail: Saying(
                "schedule.overlap",
                [
                    "agent": .text(names[0]), "other": .text(names[1]),
                    "kind": .text(isMaintenance ? "maintenance" : "other"), "resource": .text(shared ?? ""),
                ]),
            suggestion: Saying("schedule.move", ["agent": .text(names[1]), "other": .text(names[0])]))
    }

    /// Both lists are in order: one walk over them.
    private func meetings(with other: SchedulePlan) -> (first: Instant?, count: Int) {
        var (mine, theirs) = (fires[...], other.fires[...])
        var first: Instant?, count = 0
        while let a = mine.first, let b = theirs.first {
            if max(a, b) < min(a + max(duration, .seconds(1)), b + max(other.duration, .seconds(1))) {
                first = first ?? max(a, b)
                count += 1
            }
            if a + duration < b + other.duration { mine.removeFirst() } else { theirs.removeFirst() }
        }
        return (first, count)
    }

    func order(among plans: [SchedulePlan]) -> ScheduleConflict? {
        guard let after = schedule.after, after != schedule.agent, let fire = fires.first else { return nil }
        let predecessors = plans.filter { $0.schedule.agent == after }
        let isServed = predecessors.contains { plan in
            plan.fires.contains { $0 <= fire && fire - $0 < .seconds(86_400) }
                || plan.schedule.nextAt.map { fire - $0 < .seconds(86_400) && $0 <= fire } ?? false
        }
        // Before the first fire there may be one of today that has run already.
        let isDaily = predecessors.contains {
            $0.fires.count > 1 && $0.fires[1] - $0.fires[0] <= .seconds(86_400)
        }
        guard !isServed, !isDaily else { return nil }
        return ScheduleConflict(
            kind: .order, schedules: [schedule.id], agents: [schedule.agent, after], resource: nil,
            firstAt: fire, count: 1,
            detail: Saying(
                "schedule.order",
                ["agent": .text(after), "way": .text(predecessors.isEmpty ? "unplanned" : "other")]),
            suggestion: Saying("schedule.earlier", ["agent": .text(after)]))
    }
}

extension Duration {
    /// `2 h 5 min`, `40 s`.
    var inWords: String {
        let seconds = components.seconds
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min" }
        return seconds % 3600 < 60 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
