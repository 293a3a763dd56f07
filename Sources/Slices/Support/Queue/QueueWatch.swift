internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Tells people where tickets will pile up, before whoever waits feels it: once, until it has gone.
struct QueueWatch {
    static let alert = "ticket_bottleneck"
    private static let lookedOn = "tickets.forecast.looked_on"

    let run: AgentRun

    /// Once a day. Answers how many bottlenecks are new.
    func look() async throws -> Int {
        let forecast = try run.read { reader -> QueueForecast? in
            let today = try reader.supportQueue.localDay().daysSinceEpoch
            return try reader.counters.find(Self.lookedOn) == today ? nil : try reader.supportQueue.forecast()
        }
        guard let forecast else { return 0 }
        return try await run.write { tx in
            let (bottlenecks, day) = (forecast.bottlenecks, forecast.today.daysSinceEpoch)
            try tx.counters.count(Self.lookedOn, day - tx.counters.find(Self.lookedOn))
            let new = try bottlenecks.filter { try note($0, of: forecast, tx) }.count
            for alert in try tx.alerts.open(kind: Self.alert, limit: 1000)
            where !bottlenecks.contains(where: { $0.subject == alert.subject }) {
                try tx.alerts.resolve(kind: Self.alert, subject: alert.subject)
            }
            return new
        }
    }

    /// Answers whether people were told of it: those who decide about teams.
    private func note(_ bottleneck: Bottleneck, of forecast: QueueForecast, _ tx: Transaction) throws -> Bool
    {
        let isNew = try tx.alerts.open(kind: Self.alert, subject: bottleneck.subject) == nil
        if isNew {
            let made = try run.decide(in: tx, bottleneck.subject, bottleneck.conclusion(in: forecast))
            guard made.isNew,
                try run.may(
                    "create_record", permission: "tickets:write", about: bottleneck.subject,
                    decision: made.id, in: tx)
            else { return false }
        }
        // One that lasts is brought up to date.
        try tx.alerts.raise(
            kind: Self.alert, severity: bottleneck.isFelt ? .critical : .warning,
            subject: bottleneck.subject, agent: run.agent, title: bottleneck.title, action: bottleneck.action)
        guard isNew else { return false }
        try tx.notifications.notify(
            .permission("teams:write"), kind: .ticketBottleneck, title: bottleneck.title,
            body: Saying(
                "notification.bottleneck",
                ["day": .day(forecast.date(bottleneck.daysAhead)), "action": .saying(bottleneck.action)]),
            subject: bottleneck.subject, urgency: bottleneck.isFelt ? .high : .normal)
        return true
    }
}

extension Bottleneck {
    /// Whether those who wait notice it today.
    fileprivate var isFelt: Bool { daysAhead == 0 && reason != .uneven }

    fileprivate var subject: Subject { Subject(type: "ticket_queue", id: part.place.description) }

    fileprivate func conclusion(in forecast: QueueForecast) -> Conclusion {
        var factors = [
            TriageFactor(
                "open", "\(part.open)", Double(part.open),
                Saying("evidence.queue_open", ["count": .number(part.open)]))
        ]
        if let capacity = part.capacity {
            factors.append(
                TriageFactor(
                    "capacity", "\(capacity)", -Double(capacity),
                    Saying("evidence.queue_capacity", ["count": .number(capacity)])))
        }
        if let came = part.came?.mean, let went = part.went?.mean {
            factors.append(TriageFactor("came", "\(came)", 7 * came, Saying("evidence.queue_came")))
            factors.append(
                TriageFactor("went", "\(went)", -7 * went, Saying("evidence.queue_went")))
        }
        return Conclusion(
            outcome: json(in: forecast), confidence: daysAhead == 0 ? 1 : 0.7,
            factors: .array(factors.map(\.json)), model: ["name": "queue_forecast", "version": "1"],
            inputs: [
                "place": .string(part.place.description), "weeks_known": .integer(Int64(forecast.weeksKnown)),
            ])
    }
}
