internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// The results of what the agency writes: read from counters that are kept where something becomes of a
/// message.
struct CommunicationMetrics {
    private static let names = ["sent", "delivered", "bounced", "opened", "clicked", "replied"]
    private static let daysShown = 30
    /// Fewer messages tell nothing about an hour.
    private static let hourMin = 50
    private static let bestHours = 3
    private static let stages = [
        "researched", "scored", "qualified", "contacted", "engaged", "proposal", "negotiation", "won",
    ]

    private typealias Counts = [String: Int]

    static func json(in reader: Reader) throws -> JSON {
        var total: Counts = [:], channels: [String: Counts] = [:], purposes: [String: Counts] = [:]
        var hours: [String: Counts] = [:]
        let prefix = "messages.figure."
        for (key, count) in try reader.counters.all(prefix: prefix) {
            let parts = key.dropFirst(prefix.count).split(separator: ".").map(String.init)
            guard parts.count == 4 else { continue }
            total[parts[3], default: 0] += count
            channels[parts[0], default: [:]][parts[3], default: 0] += count
            purposes[parts[1], default: [:]][parts[3], default: 0] += count
            hours[parts[2], default: [:]][parts[3], default: 0] += count
        }
        return [
            "total": metrics(total), "by_channel": list("channel", channels),
            "by_purpose": list("purpose", purposes), "by_hour": list("hour", hours),
            "by_day": list("day", try days(in: reader)), "best_hours": best(hours),
            "conversion": try conversion(in: reader),
        ]
    }

    private static func days(in reader: Reader) throws -> [String: Counts] {
        let zone = TimeZoneRules(named: try reader.agency.tenant().timeZone) ?? .utc
        let today = zone.local(of: reader.now).date, first = today.adding(days: 1 - daysShown)
        var days: [String: Counts] = [:]
        for month in Set([first, today].map { $0.iso.prefix(7) }) {
            for (key, count) in try reader.counters.all(prefix: "messages.day.\(month)") {
                let parts = key.split(separator: ".").map(String.init)
                guard parts.count == 5, parts[2] >= first.iso, parts[2] <= today.iso else { continue }
                days[parts[2], default: [:]][parts[4], default: 0] += count
            }
        }
        return days
    }

    private static func list(_ name: String, _ values: [String: Counts]) -> JSON {
        .array(
            values.sorted { $0.key < $1.key }.map { value, counts in
                metrics(counts).merging([name: .string(value)])
            })
    }

    /// Hours of the day at which most was answered, the best first.
    private static func best(_ hours: [String: Counts]) -> JSON {
        let known = hours.filter { ($0.value["sent"] ?? 0) >= hourMin }
        func rate(_ counts: Counts) -> Double { Double(counts["replied"] ?? 0) / Double(counts["sent"] ?? 1) }
        return JSON(
            known.sorted { (rate($1.value), $0.key) < (rate($0.value), $1.key) }.prefix(bestHours).map(\.key))
    }

    private static func metrics(_ counts: Counts) -> JSON {
        func rate(_ name: String) -> JSON {
            let sent = counts["sent"] ?? 0
            return sent > 0 ? .number(Double(counts[name] ?? 0) / Double(sent)) : .null
        }
        var object = JSONObject(names.map { ($0, JSON(counts[$0] ?? 0)) })
        // A channel that tells of no arrival says nothing about its rate.
        let isTold = (counts["delivered"] ?? 0) + (counts["bounced"] ?? 0) > 0
        object.append("delivery_rate", isTold ? rate("delivered") : .null)
        object.append("open_rate", rate("opened"))
        object.append("click_rate", rate("clicked"))
        object.append("response_rate", rate("replied"))
        return .object(object)
    }

    /// Returns the number of leads that came to each stage, and its share of those that came to the one
    /// before.
    private static func conversion(in reader: Reader) throws -> JSON {
        let all = try reader.counters.all(prefix: "leads.status.").values.reduce(0, +)
        let reached = try reader.counters.all(prefix: "leads.reached.")
        var before = (name: "new", count: all), steps: [JSON] = []
        for stage in stages {
            let count = reached["leads.reached.\(stage)"] ?? 0
            steps.append([
                "from": .string(before.name), "to": .string(stage), "leads": JSON(before.count),
                "reached": JSON(count),
                "rate": before.count > 0 ? .number(min(1, Double(count) / Double(before.count))) : .null,
            ])
            before = (stage, count)
        }
        return .array(steps)
    }
}

let communicationSchema: JSON = {
    let number: JSON = ["type": "integer"], rate: JSON = ["type": ["number", "null"]]
    var properties: JSONObject = [:]
    for name in ["sent", "delivered", "bounced", "opened", "clicked", "replied"] {
        properties.append(name, number)
    }
    for name in ["delivery_rate", "open_rate", "click_rate", "response_rate"] {
        properties.append(name, rate)
    }
    for name in ["channel", "purpose", "hour", "day"] { properties.append(name, ["type": "string"]) }
    let figures: JSON = ["type": "object", "properties": .object(properties)]
    let list: JSON = ["type": "array", "items": figures]
    let step = JSON.schema(
        [
            "from": ["type": "string"], "to": ["type": "string"], "leads": number, "reached": number,
            "rate": rate,
        ],
        required: ["from", "to", "leads", "reached", "rate"])
    return .schema(
        [
            "total": figures, "by_channel": list, "by_purpose": list, "by_hour": list, "by_day": list,
            "best_hours": ["type": "array", "items": ["type": "string"]],
            "conversion": ["type": "array", "items": step],
        ],
        required: ["total", "by_channel", "by_purpose", "by_hour", "by_day", "best_hours", "conversion"])
}()
