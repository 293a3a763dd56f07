internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Figures of tickets, kept where tickets change: what is shown is read from counters, never counted anew.
/// The metrics of tickets: `tx.ticketCounters`.
struct TicketCounterStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var ticketCounters: TicketCounterStore<Self> { TicketCounterStore(tx: self) }
}

extension TicketCounterStore where Base == Transaction {
    func countChange(from old: Ticket?, to new: Ticket) throws {
        if old == nil { try addMetric("created", 1, new) }
        try countOpen(old, -1)
        try countOpen(new, 1)
        try tx.supportQueue.countPlaces(from: old, to: new)
        if old?.firstResponseAt == nil, let answered = new.firstResponseAt {
            try addMetric("first_response.count", 1, new)
            try addMetric("first_response.seconds", Int((answered - new.createdAt).components.seconds), new)
            if let due = new.sla.firstResponseDueAt, answered <= due {
                try tx.counters.count("tickets.sla.met.first_response", 1)
            }
        }
        guard let old else { return }
        if new.isOver, !old.isOver {
            // A merged ticket goes on elsewhere: it is not resolved.
            if new.mergedInto == nil { try countSolved(new) } else { try countLeft(new) }
        }
        if old.isOver, !new.isOver { try addMetric("reopened", 1, new) }
    }

    /// A ticket that is deleted is open no more.
    func countAway(_ ticket: Ticket) throws {
        guard !ticket.isOver else { return }
        try countOpen(ticket, -1)
        try tx.supportQueue.countPlaces(from: ticket, to: nil)
        try countLeft(ticket)
    }

    private func countSolved(_ ticket: Ticket) throws {
        try addMetric("resolution.count", 1, ticket)
        try addMetric("resolution.seconds", Int((tx.now - ticket.createdAt).components.seconds), ticket)
        if let due = ticket.sla.resolutionDueAt, tx.now <= due {
            try tx.counters.count("tickets.sla.met.resolution", 1)
        }
    }

    /// One that waits no more, and was not resolved.
    private func countLeft(_ ticket: Ticket) throws {
        guard !ticket.isSample else { return }
        try tx.counters.count("tickets.figures.day.left.\(tx.supportQueue.localDay().iso)", 1)
    }

    private func countOpen(_ ticket: Ticket?, _ change: Int) throws {
        guard let ticket, !ticket.isOver else { return }
        try tx.counters.count("tickets.open", change)
        guard let client = ticket.clientID else { return }
        try tx.counters.count("tickets.open.client.\(client)", change)
        if ticket.priority == .urgent { try tx.counters.count("tickets.urgent.client.\(client)", change) }
    }

    /// Counts the findings in a message, also by who has written it.
    func countFindings(in message: TicketMessage, by actor: Actor) throws {
        for finding in message.findings.list { try tx.counters.count("tickets.findings.\(finding.kind)", 1) }
        if actor == .agent(supportAgent), !message.isInternal {
            try tx.counters.count(saidByItself + "messages", 1)
            for finding in message.findings.list {
                try tx.counters.count("\(saidByItself)findings.\(finding.kind)", 1)
            }
        }
        guard actor.kind == .user, !message.isInternal else { return }
        try tx.counters.count("tickets.said.\(actor.id).messages", 1)
        for finding in message.findings.list {
            try tx.counters.count("tickets.said.\(actor.id).findings.\(finding.kind)", 1)
        }
    }

    /// Adds to a figure as a whole, and by channel, category, tier and day.
    func addMetric(_ figure: String, _ change: Int, _ ticket: Ticket) throws {
        guard !ticket.isSample else { return }
        let day = try tx.supportQueue.localDay().iso, category = ticket.category ?? "general"
        try tx.counters.count("tickets.figure.\(figure)", change)
        var segments = [
            ("channel", ticket.source), ("category", category), ("tier", ticket.tier ?? "none"), ("day", day),
            ("sentiment", ticket.sentiment?.rawValue ?? "none"),
            ("priority", ticket.priority?.rawValue ?? "none"),
            ("assignee", ticket.assigneeID?.keyText ?? "none"), ("category_day", "\(day).\(category)"),
        ]
        if let assignee = ticket.assigneeID {
            segments.append(("assignee_category", "\(assignee).\(category)"))
        }
        for (dimension, value) in segments {
            try tx.counters.count("tickets.figures.\(dimension).\(figure).\(value)", change)
        }
    }
}

/// The results of support, read from counters.
struct TicketMetrics {
    static let names = [
        "created", "first_response.count", "first_response.seconds", "resolution.count", "resolution.seconds",
        "reopened", "csat.count", "csat.sum",
    ]
    static let dimensions = ["channel", "category", "tier", "day", "sentiment", "priority", "assignee"]

    static func json(in reader: Reader) throws -> JSON {
        let whole = try reader.counters.all(prefix: "tickets.figure.")
        var object: JSONObject = [
            "open": JSON(try reader.counters.find("tickets.open")),
            "total": metrics { whole["tickets.figure.\($0)"] ?? 0 },
            "escalated": JSON(try reader.counters.find("tickets.escalated")),
            "by_itself": try byItself(in: reader), "findings": try findings(in: reader),
        ]
        for (name, prefix) in [("met", "tickets.sla.met."), ("breached", "tickets.sla.breached.")] {
            let counts = try reader.counters.all(prefix: prefix)
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
                for (key, count) in try reader.counters.all(prefix: prefix) {
                    values[String(key.dropFirst(prefix.count)), default: [:]][name] = count
                }
            }
            object.append(
                "by_\(dimension)",
                .array(
                    values.sorted { $0.key < $1.key }.map { value, counts in
                        metrics { counts[$0] ?? 0 }.merging([dimension: .string(value)])
                    }))
        }
        return .object(object)
    }

    /// Returns the numbers of answers that customer service has given without a person, and of their outcomes.
    private static func byItself(in reader: Reader) throws -> JSON {
        let counts = try reader.counters.all(prefix: "tickets.assistance.")
        func count(_ name: String) -> Int { counts["tickets.assistance.\(name)"] ?? 0 }
        return .object(
            JSONObject(
                ["answered", "confirmed", "silent", "denied"].map { ($0, JSON(count($0))) }))
    }

    /// Returns the numbers of findings in messages, by kind.
    private static func findings(in reader: Reader) throws -> JSON {
        let prefix = "tickets.findings."
        return .object(
            JSONObject(
                try reader.counters.all(prefix: prefix).sorted { $0.key < $1.key }.map {
                    (String($0.key.dropFirst(prefix.count)), JSON($0.value))
                }))
    }

    static func metrics(_ count: (String) -> Int) -> JSON {
        func mean(_ name: String) -> JSON {
            let number = count("\(name).count")
            return number == 0 ? .null : .integer(Int64(count("\(name).seconds") / number))
        }
        func rate(_ name: String, of whole: String) -> JSON {
            let number = count(whole)
            return number == 0 ? .null : .number(Double(count(name)) / Double(number))
        }
        return [
            "created": JSON(count("created")), "answered": JSON(count("first_response.count")),
            "resolved": JSON(count("resolution.count")), "reopened": JSON(count("reopened")),
            "first_response_seconds": mean("first_response"), "resolution_seconds": mean("resolution"),
            "resolution_rate": rate("resolution.count", of: "created"),
            "satisfaction": rate("csat.sum", of: "csat.count"),
            "satisfaction_count": JSON(count("csat.count")),
        ]
    }
}
