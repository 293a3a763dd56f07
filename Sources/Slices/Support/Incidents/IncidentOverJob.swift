internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates
internal import Tenancy

/// Tells those who have asked about something that it works again: their tickets then wait for a yes.
struct IncidentOverJob: JobKind {
    struct Payload: Codable, Sendable {
        let incident: ID<ServiceIncident>
        /// The ticket that was told last.
        let after: TicketID?
        /// The name of whoever has ended it.
        var by: String?
    }

    static let kind = "incident.over"
    private static let chunk = 50
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let incident = try ServiceIncident.resource.find(payload.incident, in: tx),
                incident.status == .resolved
            else { return }
            let tickets = try Ticket.resource.all(
                where: "incident_id = \(incident.id) AND id > \(payload.after ?? .unset)",
                suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
            for ticket in tickets where !ticket.isOver && ticket.mergedInto == nil {
                try desk.tell(of: incident, endedBy: payload.by, to: ticket, in: tx)
            }
            guard tickets.count == Self.chunk, let last = tickets.last else { return }
            try tx.jobs.enqueue(
                IncidentOverJob.self, .init(incident: incident.id, after: last.id, by: payload.by),
                JobOptions(subject: incident.subjectOfEvents))
        }
    }
}

extension TicketDesk {
    /// Tells how it ended, in the words of whoever has written it: in the incident's name, and no agent is
    /// asked how far it goes. Where somebody else speaks just then, they are asked to say it.
    fileprivate func tell(
        of incident: ServiceIncident, endedBy person: String?, to ticket: Ticket, in tx: Transaction
    ) throws {
        let isTold: Bool
        do {
            isTold = try tx.attempt {
                try give(
                    ServiceAnswer(
                        text: incident.resolution ?? incident.title, articles: [], title: incident.title,
                        silenceDays: CustomerServiceSettings().silenceDays,
                        origin: Origin(
                            why: Saying(
                                "message.why_incident",
                                [
                                    "has_person": .flag(person != nil), "person": .text(person ?? ""),
                                    "incident": .text(incident.title),
                                ]))),
                    to: ticket, by: Actor(.system, id: incident.id), in: tx) != nil
            }
        } catch is Problem {
            isTold = false
        }
        guard !isTold else { return }
        try tx.ticketAudience.tellPeople(
            of: ticket,
            Saying(
                "notification.tell_resolved",
                ["number": .text("\(ticket.number)"), "incident": .text(incident.title)]), .normal)
    }
}
