internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Looks after the SLA targets of a ticket: warns when four fifths of the time are over, takes what was not done
/// in time to somebody else, and reminds them of it. Each is told once.
struct TicketWatchJob: JobKind {
    struct Payload: Codable, Sendable { let ticket: TicketID }

    static let kind = "ticket.watch"
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let old = try Ticket.resource.find(payload.ticket, in: tx)
            else { return }
            var ticket = old, alarms: [(TicketSLA.Clock, TicketSLA.Alarm)] = []
            for clock in TicketSLA.Clock.allCases where old.runs(clock) {
                if let alarm = ticket.sla.fire(clock, at: tx.now) { alarms.append((clock, alarm)) }
            }
            let isReminder = ticket.nextReminder.map { $0 <= tx.now } ?? false
            guard !alarms.isEmpty || isReminder else { return try tx.slaTargets.watch(old, replacing: nil) }
            let breaches = alarms.filter { $0.1 == .breached }.map(\.0)
            if let clock = breaches.first {
                try tx.slaTargets.escalate(&ticket, "sla_breached: \(clock.rawValue)")
            }
            let goesOn = try isReminder && breaches.isEmpty && tx.slaTargets.remind(&ticket)
            try tx.update(old, to: &ticket, by: .system, action: "ticket.promise_checked")
            for (clock, alarm) in alarms { try tx.slaTargets.tell(alarm, clock, of: ticket) }
            if !breaches.isEmpty || goesOn {
                // The first time, whoever asked hears that it takes longer than its target.
                let isFirst = !breaches.isEmpty && old.escalation == nil
                try desk.tellEscalation(of: ticket, as: isFirst ? .delay : .escalation, in: tx)
            }
            if isReminder, breaches.isEmpty { try tx.slaTargets.tellReminder(of: ticket) }
        }
    }
}

/// The SLA targets of tickets, and their escalations: `tx.slaTargets`.
struct SLATargetStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var slaTargets: SLATargetStore<Self> { SLATargetStore(tx: self) }
}

extension SLATargetStore where Base == Transaction {
    /// Has a ticket looked at when the next alarm of its targets, or the next reminder, is due.
    func watch(_ ticket: Ticket, replacing old: Ticket?) throws {
        guard let next = ticket.nextAlarm, old == nil || old?.nextAlarm != next else { return }
        try tx.jobs.enqueue(
            TicketWatchJob.self, .init(ticket: ticket.id),
            JobOptions(
                runAt: next, uniqueKey: "\(ticket.id)/\(next.microseconds)",
                subject: ticket.subjectOfEvents))
    }

    /// Takes a ticket one level up: to the team that its policy names, and to whoever leads it or knows most.
    func escalate(_ ticket: inout Ticket, _ reason: String) throws {
        let policy = try policy(of: ticket)
        var escalation = Escalation()
        escalation.level = min((ticket.escalation?.level ?? 0) + 1, 100)
        (escalation.reason, escalation.at) = (reason, tx.now)
        escalation.remindAt = try reminder(of: ticket, policy)
        ticket.escalation = escalation
        if let team = policy?.escalatesTo { ticket.teamID = team }
        try giveOn(&ticket)
    }

    /// Reminders after which nobody is told any more: somebody has decided to leave it.
    private static var remindersMax: Int { 12 }

    /// Counts a reminder, and takes the ticket on to the next team of its path. Answers whether there was one.
    fileprivate func remind(_ ticket: inout Ticket) throws -> Bool {
        guard var escalation = ticket.escalation else { return false }
        let policy = try policy(of: ticket)
        let next = policy?.escalationPath[safe: escalation.reminders]
        escalation.reminders += 1
        escalation.remindAt =
            escalation.reminders >= Self.remindersMax ? nil : try reminder(of: ticket, policy)
        if next != nil {
            escalation.level = min(escalation.level + 1, 100)
            (escalation.reason, escalation.at) = ("not_done: reminder \(escalation.reminders)", tx.now)
        }
        ticket.escalation = escalation
        guard let next else { return false }
        ticket.teamID = next
        try giveOn(&ticket)
        return true
    }

    private func policy(of ticket: Ticket) throws -> SLAPolicy? {
        try ticket.sla.policyID
            .flatMap { try SLAPolicy.resource.find($0, in: tx) }
    }

    private func reminder(of ticket: Ticket, _ policy: SLAPolicy?) throws -> Instant {
        try workCalendar(ticket.sla.hours).add(
            policy?.reminderPause ?? SLAPolicy.reminderStandard, to: tx.now)
    }

    /// To whoever leads the team that has it; where nobody does, to another of the team who can do most about it.
    private func giveOn(_ ticket: inout Ticket) throws {
        guard let team = try ticket.teamID.flatMap({ try Team.resource.find($0, in: tx) }) else { return }
        if let lead = team.leadID, try tx.routing.isAtWork(lead) {
            ticket.assigneeID = lead
        } else if let other = try tx.routing.whoKnowsMost(of: team, about: ticket) {
            ticket.assigneeID = other
        }
    }

    fileprivate func tell(
        _ alarm: TicketSLA.Alarm, _ clock: TicketSLA.Clock, of ticket: Ticket
    ) throws {
        try tx.publish(
            alarm == .warned ? "ticket.sla_warned" : "ticket.sla_breached", ticket.subjectOfEvents,
            ticket.payload.adding([
                "clock": .string(clock.rawValue), "due_at": JSON(ticket.sla.due(clock)?.description),
            ]))
        if alarm == .breached {
            try tx.counters.count("tickets.sla.breached.\(clock.rawValue)", 1)
            try tx.counters.count("tickets.breached.\(clock.rawValue).\(ticket.category ?? "general")", 1)
        } else {
            try tx.ticketAudience.tellPeople(
                of: ticket, kind: .ticketDue,
                Saying(
                    "notification.ticket_due",
                    ["clock": .text(clock.rawValue), "number": .text("\(ticket.number)")]), .normal)
        }
    }

    func tellEscalation(of ticket: Ticket) throws {
        try tx.publish(
            "ticket.escalated", ticket.subjectOfEvents,
            ticket.payload.adding([
                "level": JSON(ticket.escalation?.level), "reason": JSON(ticket.escalation?.reason),
            ]))
        try tx.counters.count("tickets.escalated", 1)
        try tx.notifications.notify(
            tx.ticketAudience.team(of: ticket), kind: .ticketEscalated,
            title: Saying("notification.ticket_escalated", ["number": .text("\(ticket.number)")]),
            body: .quoted(ticket.subject), subject: ticket.subjectOfEvents, urgency: .high)
    }

    fileprivate func tellReminder(of ticket: Ticket) throws {
        try tx.publish(
            "ticket.escalation_reminded", ticket.subjectOfEvents,
            ticket.payload.adding(["reminders": JSON(ticket.escalation?.reminders)]))
        try tx.ticketAudience.tellPeople(
            of: ticket, kind: .ticketEscalated,
            Saying("notification.ticket_still_open", ["number": .text("\(ticket.number)")]), .normal)
    }
}
