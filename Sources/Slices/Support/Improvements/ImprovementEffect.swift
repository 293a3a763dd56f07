internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Templates
internal import Tenancy

/// The metrics of tickets before an improvement was made, and since.
struct ImprovementEffect: Sendable {
    static let days = 28

    /// The day on which it was done belongs to neither.
    let done: CivilDate, today: CivilDate
    var before = HelpMetrics(), after = HelpMetrics()

    var start: CivilDate { CivilDate(daysSinceEpoch: done.daysSinceEpoch - Self.days) }
    var end: CivilDate { CivilDate(daysSinceEpoch: done.daysSinceEpoch + Self.days) }
    var isOver: Bool { today > end }

    /// Only of whole days after which all is known.
    func change(_ measure: HelpMeasure) -> Double? {
        guard isOver, let old = measure.mean(before), let new = measure.mean(after) else { return nil }
        return new - old
    }

    fileprivate var changes: JSON {
        [
            "tickets": isOver ? JSON(after[.created] - before[.created]) : .null,
            "satisfaction": .hundredths(change(.satisfaction)),
            "reopened_rate": .hundredths(change(.reopened)),
        ]
    }

    fileprivate var reason: Saying? {
        if !isOver { return Saying("improvement.known_after", ["day": .day(end)]) }
        let isKnown = [HelpMeasure.satisfaction, .reopened].allSatisfy { change($0) != nil }
        return isKnown
            ? nil : Saying("improvement.too_few", ["needed": .number(HelpMeasure.sampleMin)])
    }

    fileprivate var earlier: JSON {
        json(before, start, CivilDate(daysSinceEpoch: done.daysSinceEpoch - 1))
    }
    fileprivate var later: JSON { json(after, CivilDate(daysSinceEpoch: done.daysSinceEpoch + 1), end) }

    private func json(_ figures: HelpMetrics, _ first: CivilDate, _ last: CivilDate) -> JSON {
        [
            "from": .string(first.iso), "through": .string(last.iso), "tickets": JSON(figures[.created]),
            "satisfaction": HelpMeasure.satisfaction.json(figures),
            "reopened_rate": HelpMeasure.reopened.json(figures),
        ]
    }
}

extension ImprovementStore {
    /// `nil`: it is not done. From counters by day alone.
    func effect(of improvement: Improvement) throws -> ImprovementEffect? {
        guard let doneAt = improvement.doneAt else { return nil }
        var effect = ImprovementEffect(
            done: try tx.supportQueue.localDay(of: doneAt), today: try tx.supportQueue.localDay())
        for figure in [HelpMetrics.Metric.created, .resolved, .reopened, .rated, .marks] {
            for (day, count) in try daily(figure, improvement.category, effect.start.iso, effect.end.iso) {
                if day < effect.done.iso { effect.before[figure] += count }
                if day > effect.done.iso { effect.after[figure] += count }
            }
        }
        return effect
    }

    private func daily(
        _ figure: HelpMetrics.Metric, _ category: String?, _ first: String, _ last: String
    ) throws -> [(day: String, count: Int)] {
        let prefix = "tickets.figures.\(category == nil ? "day" : "category_day").\(figure.rawValue)."
        return try tx.counters.all(prefix: prefix, from: first, through: last).compactMap { key, count in
            let value = key.dropFirst(prefix.count)
            let day = String(value.prefix(first.count)), isOfAll = category == nil
            return isOfAll || value.dropFirst(first.count + 1) == category ?? "" ? (day, count) : nil
        }
    }
}

func improvementRoutes(_ routes: inout Routes) {
    routes.standard(Improvement.resource, read: "improvements:read", write: "improvements:write")
    routes.get(
        "/v1/improvements/{id}/effect", .permission("improvements:read"),
        "Get the effect of an improvement: tickets in the four weeks before and after",
        .json(["type": "object"], "How the tickets changed.")
    ) { call in
        let id = try call.id("id", of: Improvement.self)
        return .read { reader in
            let improvement = try Improvement.resource.get(id, in: reader)
            let effect = try reader.improvements.effect(of: improvement)
            let words = try reader.wordings.find(for: call)
            let reason: Saying? = if let effect { effect.reason } else { Saying("improvement.not_done") }
            return .json([
                "improvement_id": JSON(id), "category": JSON(improvement.category),
                "done_at": JSON(improvement.doneAt?.description), "before": effect?.earlier ?? .null,
                "after": effect?.later ?? .null, "change": effect?.changes ?? .null,
                "reason": JSON(reason?.said(in: words)),
            ])
        }
    }
}
