internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// A figure that a client wants to reach by a day: one row of `goals`.
package struct Goal: ManagedRecord {
    package enum Measure: String, Choice { case latest, sum }
    package enum Direction: String, Choice {
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    package var head = Head<Goal>()
    package var name: String?
    package var clientID = ClientID.unset
    package var metric = ""
    package var measure = Measure.latest
    package var target = 0.0
    package var direction = Direction.atLeast
    package var from: CivilDate?
    package var by = CivilDate(year: 1970, month: 1, day: 1)
    package var baseline: Double?
    package var current: Double?
    package var progress = 0.0
    package var reachedAt: Instant?
    package var evidence = JSON.null

    package init() {}

    package static let idPrefix = "goal", noun = "goal"
    package static let resource = Resource<Goal>(
        "goals", named: "Goal",
        console: ConsoleForm(
            title: "metric", columns: ["client_id", "metric", "target", "current", "by", "reached_at"],
            form: ["client_id", "name", "metric", "measure", "target", "direction", "from", "by"],
            filters: ["client_id"]),
        [
            .text("name", \.name, max: 200, .about("The name of the goal.")),
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .text(
                "metric", \.metric, max: 161, .required, .writeOnce, .filterable, .example("crm.leads"),
                .about("The source and the metric of /v1/metrics, with a dot between them.")),
            .choice(
                "measure", \.measure, .standard("latest"), .writeOnce,
                .about("Whether the newest value counts, or the sum of all from the day in from.")),
            .number("target", \.target, in: -1e15...1e15, .required, .example(100)),
            .choice("direction", \.direction, .standard("at_least")),
            .date(
                "from", \.from, .writeOnce,
                .about("The day from which values count; by default the day the goal is made.")),
            .date("by", \.by, .required, .filterable, .sortable, .example("2030-06-30")),
            .number(
                "baseline", \.baseline, in: -1e18...1e18, .readOnly, .about("The value at the beginning.")),
            .number(
                "current", \.current, in: -1e18...1e18, .readOnly,
                .about("The newest value, or the sum of all from the day in from.")),
            .number(
                "progress", \.progress, in: 0...1, .readOnly,
                .about("How much of the way from baseline to target is done.")),
            .instant("reached_at", \.reachedAt, .readOnly, .filterable, .about("When the goal was reached.")),
            .document(
                "evidence", \.evidence, schema: ["type": ["array", "null"], "items": .anyObject], .readOnly,
                .about("The metrics by which the goal was reached: type and id of each.")),
        ])

    // MARK: Rules

    /// Where the figures come from, and what they are called there.
    var figure: (source: String, name: String) {
        let parts = metric.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }

    func isReached(by value: Double) -> Bool { direction == .atLeast ? value >= target : value <= target }

    package mutating func prepare(replacing old: Goal?, by actor: Actor, in tx: Transaction) throws {
        let today = try tx.agency.tenant().today(tx.now)
        metric = metric.trimmed
        var faults = Faults()
        if figure.source.isEmpty || figure.name.isEmpty || figure.source.count > 80 || figure.name.count > 80
        {
            faults.add(
                "/metric", "invalid_choice", "metric must be a source and a metric, such as crm.leads.")
        }
        if old?.by != by, by < today { faults.add("/by", "out_of_range", "by must not be in the past.") }
        if let from, by < from { faults.add("/by", "out_of_range", "by must not be before from.") }
        try faults.throwIfAny()
        if from == nil, measure == .sum { from = today }
        guard old?.reachedAt == nil else { return }
        try measure(isNew: old == nil, today: today, in: tx)
    }

    /// Reads where the figures are, and whether that is enough.
    private mutating func measure(isNew: Bool, today: CivilDate, in tx: Transaction) throws {
        let reading = try tx.goals.reading(of: self)
        if isNew {
            baseline = measure == .sum ? 0 : try tx.goals.latest(of: self, until: from ?? today)?.value
        }
        current = reading.value
        guard let value = reading.value else { return }
        let start = baseline ?? value, way = target - start
        progress = isReached(by: value) ? 1 : way == 0 ? 0 : min(max((value - start) / way, 0), 1)
        // A sum that must not be passed is kept once its days are over, and not before.
        let isSettled = measure == .latest || direction == .atLeast || by < today
        guard isReached(by: value), isSettled else { return }
        reachedAt = tx.now
        evidence = .array(reading.ids.map { ["type": "metric", "id": JSON($0)] })
    }

    package func saved(replacing old: Goal?, by actor: Actor, in tx: Transaction) throws {
        guard let reachedAt, old?.reachedAt == nil else { return }
        try tx.publish(
            "goal.reached", subject,
            [
                "client_id": JSON(clientID), "metric": .string(metric), "target": .number(target),
                "current": current.map(JSON.number) ?? .null, "reached_at": .string(reachedAt.description),
                "evidence": evidence,
            ])
    }
}
