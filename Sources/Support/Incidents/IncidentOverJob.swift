internal import Database
internal import Platform
internal import Records
internal import Runtime

/// Tells those who have asked about something that it works again: their tickets then wait for a yes.
struct IncidentOverJob: JobKind {
    /// `after` is the ticket that was told last.
    struct Payload: Codable, Sendable { let incident: String, after: String? }

    static let kind = "incident.over"
    private static let chunk = 50
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let id = ID<ServiceIncident>(payload.incident),
                let incident = try ServiceIncident.resource.find(id, in: tx), incident.status == .resolved
            else { return }
            let tickets = try Ticket.resource.all(
                where: "incident_id = \(id) AND id > \(payload.after ?? "")",
                suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
            for ticket in tickets where !ticket.isOver && ticket.mergedInto == nil {
                try desk.tell(of: incident, to: ticket, in: tx)
            }
            guard tickets.count == Self.chunk, let last = tickets.last else { return }
            try tx.enqueue(
                IncidentOverJob.self, .init(incident: id.text, after: last.id.text),
                JobOptions(subject: incident.subjectOfEvents))
        }
    }
}

extension TicketDesk {
    /// Where somebody else speaks just then, they are asked to say it.
    fileprivate func tell(of incident: ServiceIncident, to ticket: Ticket, in tx: Transaction) throws {
        do {
            try tx.attempt {
                try give(
                    ServiceAnswer(
                        text: incident.resolution ?? incident.title, articles: [], title: incident.title,
                        silenceDays: CustomerServiceSettings().silenceDays), to: ticket, in: tx)
            }
        } catch is Problem {
            try tx.tellPeople(
                of: ticket, kind: "ticket",
                "Ticket \(ticket.number): tell them that “\(incident.title)” is over",
                .normal)
        }
    }
}
