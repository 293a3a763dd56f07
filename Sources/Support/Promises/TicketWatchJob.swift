internal import Database
internal import JSON
internal import Records
internal import Runtime
internal import Telemetry

/// Looks after what was promised about a ticket: warns when four fifths of the time are over, and takes what was not
/// done in time to somebody else. Each is told once.
struct TicketWatchJob: JobKind {
    struct Payload: Codable, Sendable { let ticket: String }

    static let kind = "ticket.watch"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let old = try ID<Ticket>(payload.ticket).flatMap({ try Ticket.resource.find($0, in: tx) })
            else { return }
            var ticket = old, alarms: [(TicketPromise.Clock, TicketPromise.Alarm)] = []
            for clock in TicketPromise.Clock.allCases where old.runs(clock) {
                if let alarm = ticket.sla.fire(clock, at: tx.now) { alarms.append((clock, alarm)) }
            }
            guard !alarms.isEmpty else { return try tx.watch(old, replacing: nil) }
            let breaches = alarms.filter { $0.1 == .breached }.map(\.0)
            if let clock = breaches.first {
                try tx.escalate(&ticket, "sla_breached: \(clock.rawValue)")
            }
            try tx.update(old, to: &ticket, by: .system, action: "ticket.promise_checked")
            for (clock, alarm) in alarms {
                try tx.publish(
                    alarm == .warned ? "ticket.sla_warned" : "ticket.sla_breached", ticket.subjectOfEvents,
                    ticket.told.merging([
                        "clock": .string(clock.rawValue),
                        "due_at": JSON(ticket.sla.due(clock)?.description),
                    ]))
                if alarm == .breached { try tx.count("tickets.sla.breached.\(clock.rawValue)", 1) }
            }
            if !breaches.isEmpty { try tx.tellEscalation(of: ticket) }
        }
    }
}

extension Transaction {
    /// Has a ticket looked at when the next alarm of its promise is due.
    func watch(_ ticket: Ticket, replacing old: Ticket?) throws {
        guard let next = ticket.nextAlarm, old == nil || old?.nextAlarm != next else { return }
        try enqueue(
            TicketWatchJob.self, .init(ticket: ticket.id.text),
            JobOptions(
                runAt: next, uniqueKey: "\(ticket.id.text)/\(next.microseconds)",
                subject: ticket.subjectOfEvents))
    }

    /// Takes a ticket one level up: to the team that its policy names, and to whoever leads the team that has it.
    func escalate(_ ticket: inout Ticket, _ reason: String) throws {
        var escalation = Escalation()
        escalation.level = min((ticket.escalation?.level ?? 0) + 1, 100)
        (escalation.reason, escalation.at) = (reason, now)
        ticket.escalation = escalation
        let policy = try ticket.sla.policyID.flatMap { ID<ServicePolicy>($0) }
            .flatMap { try ServicePolicy.resource.find($0, in: self) }
        if let team = policy?.escalatesTo { ticket.teamID = team }
        if let team = try ticket.teamID.flatMap({ try Team.resource.find($0, in: self) }),
            let lead = team.leadID, try isAtWork(lead)
        {
            ticket.assigneeID = lead
        }
    }

    func tellEscalation(of ticket: Ticket) throws {
        try publish(
            "ticket.escalated", ticket.subjectOfEvents,
            ticket.told.merging([
                "level": JSON(ticket.escalation?.level), "reason": JSON(ticket.escalation?.reason),
            ]))
        try count("tickets.escalated", 1)
    }
}
