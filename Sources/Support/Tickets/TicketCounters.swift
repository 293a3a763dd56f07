internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// Figures of tickets, kept where tickets change: what is shown is read from counters, never counted anew.
extension Transaction {
    func countChange(from old: Ticket?, to new: Ticket) throws {
        if old == nil { try add("created", 1, new) }
        try countOpen(old, -1)
        try countOpen(new, 1)
        if old?.firstResponseAt == nil, let answered = new.firstResponseAt {
            try add("first_response.count", 1, new)
            try add("first_response.seconds", Int((answered - new.createdAt).components.seconds), new)
            if let due = new.sla.firstResponseDueAt, answered <= due {
                try count("tickets.sla.met.first_response", 1)
            }
        }
        guard let old else { return }
        if new.isOver, !old.isOver {
            try add("resolution.count", 1, new)
            try add("resolution.seconds", Int((now - new.createdAt).components.seconds), new)
            if let due = new.sla.resolutionDueAt, now <= due { try count("tickets.sla.met.resolution", 1) }
        }
        if old.isOver, !new.isOver { try add("reopened", 1, new) }
    }

    /// A ticket that is deleted is open no more.
    func countAway(_ ticket: Ticket) throws { try countOpen(ticket, -1) }

    private func countOpen(_ ticket: Ticket?, _ change: Int) throws {
        guard let ticket, !ticket.isOver else { return }
        try count("tickets.open", change)
        if let assignee = ticket.assigneeID { try count("tickets.open.assignee.\(assignee)", change) }
        if let client = ticket.clientID { try count("tickets.open.client.\(client)", change) }
    }

    /// Adds to a figure as a whole, and by channel, category, tier and day.
    private func add(_ figure: String, _ change: Int, _ ticket: Ticket) throws {
        let day = try localDay()
        try count("tickets.figure.\(figure)", change)
        for (dimension, value) in [
            ("channel", ticket.source), ("category", ticket.category ?? "general"),
            ("tier", ticket.tier ?? "none"), ("day", day),
        ] {
            try count("tickets.figures.\(dimension).\(figure).\(value)", change)
        }
    }

    private func localDay() throws -> String {
        let zone = TimeZoneRules(named: try ownTenant().timeZone) ?? .utc
        return zone.local(of: now).date.iso
    }
}

/// How support does, read from counters.
struct TicketFigures {
    private static let names = [
        "created", "first_response.count", "first_response.seconds", "resolution.count", "resolution.seconds",
        "reopened",
    ]
    static let dimensions = ["channel", "category", "tier", "day"]

    static func json(in reader: Reader) throws -> JSON {
        let whole = try reader.counters(prefix: "tickets.figure.")
        var object: JSONObject = [
            "open": JSON(try reader.counter("tickets.open")),
            "total": figures { whole["tickets.figure.\($0)"] ?? 0 },
            "escalated": JSON(try reader.counter("tickets.escalated")),
        ]
        for (name, prefix) in [("met", "tickets.sla.met."), ("breached", "tickets.sla.breached.")] {
            let counts = try reader.counters(prefix: prefix)
            object.append(
                "sla_\(name)",
                [
                    "first_response": JSON(counts["\(prefix)first_response"] ?? 0),
                    "resolution": JSON(counts["\(prefix)resolution"] ?? 0),
                ])
        }
        for dimension in dimensions {
            var values: [String: [String: Int]] = [:]
            for name in names {
                let prefix = "tickets.figures.\(dimension).\(name)."
                for (key, count) in try reader.counters(prefix: prefix) {
                    values[String(key.dropFirst(prefix.count)), default: [:]][name] = count
                }
            }
            object.append(
                "by_\(dimension)",
                .array(
                    values.sorted { $0.key < $1.key }.map { value, counts in
                        figures { counts[$0] ?? 0 }.merging([dimension: .string(value)])
                    }))
        }
        return .object(object)
    }

    private static func figures(_ count: (String) -> Int) -> JSON {
        func mean(_ name: String) -> JSON {
            let number = count("\(name).count")
            return number == 0 ? .null : .integer(Int64(count("\(name).seconds") / number))
        }
        return [
            "created": JSON(count("created")), "answered": JSON(count("first_response.count")),
            "resolved": JSON(count("resolution.count")), "reopened": JSON(count("reopened")),
            "first_response_seconds": mean("first_response"), "resolution_seconds": mean("resolution"),
        ]
    }
}
