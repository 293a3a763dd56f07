internal import JSON
internal import Records
internal import Routing
internal import Templates
internal import Tenancy
internal import Wording

func queueRoutes(_ routes: inout Routes) {
    routes.get(
        "/v1/ticket-figures/forecast", .permission("tickets:read"),
        "Get a forecast of tickets for the next seven days: received, open and backlog",
        named: "get_ticket_forecast",
        .json(["type": "object"], "The forecast.")
    ) { call in
        try call.allowQuery()
        return .read { reader in
            .json(try reader.supportQueue.forecast().json(in: reader.wordings.find(for: call)))
        }
    }
}

extension QueueForecast {
    func json(in words: Wording) -> JSON {
        [
            "weeks_known": JSON(weeksKnown), "open": JSON(whole.open), "days": days ?? .null,
            "reason": days == nil
                ? .string(words("queue.no_forecast", ["weeks": .number(weeksKnown)]))
                : .null,
            "bottlenecks": .array(bottlenecks.map { $0.json(in: self, words) }),
        ]
    }

    private var days: JSON? {
        guard let came = whole.came, let went = whole.went else { return nil }
        return .array(
            whole.openByDay.enumerated().map { index, open in
                [
                    "date": .string(date(index + 1).iso), "created": came.days[index].json,
                    "solved": went.days[index].json, "open": .rounded(open),
                ]
            })
    }
}

extension DailyRate.Day {
    fileprivate var json: JSON {
        ["expected": .rounded(expected), "low": JSON(low), "high": JSON(high)]
    }
}

extension Bottleneck {
    func json(in forecast: QueueForecast, _ words: Wording = .english) -> JSON {
        let kind = part.place.kind
        return [
            "kind": .string(kind == .assignee ? "person" : kind.rawValue),
            "id": kind == .queue ? .null : .string(part.place.id), "name": .string(part.name),
            "reason": .string(reason.rawValue), "open": JSON(part.open), "capacity": JSON(part.capacity),
            "came_per_day": .rounded(part.came?.mean), "solved_per_day": .rounded(part.went?.mean),
            "tips_on": .string(forecast.date(daysAhead).iso), "open_then": .rounded(open),
            "recommended_action": .string(action.said(in: words)),
        ]
    }
}

extension JSON {
    /// To a tenth: no forecast is more exact.
    fileprivate static func rounded(_ number: Double?) -> JSON {
        number.map { .number(($0 * 10).rounded() / 10) } ?? .null
    }
}
